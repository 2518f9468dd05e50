/** Detects by the head of a response, and if needed by its body, whether it is a stream. */
import { framingOf } from '../../parse/framing.ts'
import { endsWithWholeText, trimJson } from '../../parse/json.ts'
import { isEventStream } from '../../parse/media-type.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Framing } from '../../shared/spec.ts'
import type { BodyEnd, BodySink, HttpResponse } from '../http/exchange.ts'
import { contentTypeOf } from '../http/fields.ts'
import { TimedBody } from '../http/timed-body.ts'
import { hasLateRecords, LateRecords } from './late-records.ts'
import { BodyProbe } from './probe.ts'

/** A body that ends within this many milliseconds of its head is a plain response, not a stream. */
const PLAIN_WITHIN = 1000

/** `[`, the first byte of a JSON array. */
const ARRAY = 0x5b

export interface DetectOptions {
  readonly clock: Clock
  /** If it is set to anything but `auto`, the response is a stream. */
  readonly framing?: Framing | undefined
  /** Milliseconds within which more of a plain body has to arrive; undefined for no limit. */
  readonly timeout: number | undefined
  /** Bytes of the body that are kept, at most. */
  readonly limit: number
  /**
   * Whether a body of unknown length that lasts for longer than a second is a stream, even if nothing of it has arrived that
   * shows it. Default true.
   */
  readonly lastingIsStream?: boolean
  /**
   * Whether a body of unknown length and of more than `limit` bytes is a stream if whole records of it go on arriving. Default
   * false: it is too large.
   */
  readonly findLate?: boolean
  /** Called with the body if it has to be read. */
  reading?(body: TimedBody): void
}

/** `read` replaces the response's own `read` if reading has already begun. It leaves out the `skipped` bytes at the start. */
export type Detected =
  | { readonly kind: 'events' }
  | {
      readonly kind: 'stream'
      readonly read?: (sink: BodySink) => Promise<BodyEnd>
      readonly skipped?: number
    }
  | { readonly kind: 'plain'; readonly probe: BodyProbe; readonly end: BodyEnd }

/** Detects what a successful response is. */
export async function detectStream(response: HttpResponse, options: DetectOptions): Promise<Detected> {
  const { clock, framing = 'auto', timeout, limit, lastingIsStream = true, findLate = false } = options
  const contentType = contentTypeOf(response.headers)
  if (response.status === 200 && isEventStream(contentType)) return { kind: 'events' }
  if (framingOf(contentType).stream || framing !== 'auto') return { kind: 'stream' }
  const body = new TimedBody(response, timeout)
  options.reading?.(body)
  const isUnbounded = response.contentLength === undefined
  const probe = new BodyProbe(
    response,
    body,
    limit,
    findLate && isUnbounded ? lateRecords(contentType) : undefined,
  )
  const age = () => clock.now() - response.headTime
  const end = await probe.endWithin(
    isUnbounded && lastingIsStream ? PLAIN_WITHIN - age() : undefined,
    (before, next) =>
      isUnbounded && (mayStream(contentType, before, next) || (!lastingIsStream && age() >= PLAIN_WITHIN)),
  )
  if (end !== undefined) return { kind: 'plain', probe, end }
  return { kind: 'stream', read: (sink) => probe.read(sink), skipped: probe.skipped }
}

function lateRecords(contentType: string | undefined): LateRecords | undefined {
  const { framing } = framingOf(contentType)
  return hasLateRecords(framing) ? new LateRecords(framing) : undefined
}

/**
 * Whether a body of that type that arrives in pieces is a stream: it is text, begins with a JSON array, or continues
 * after complete JSON texts.
 */
function mayStream(contentType: string | undefined, before: Uint8Array, next: Uint8Array): boolean {
  const { framing } = framingOf(contentType)
  if (framing !== 'ndjson') return framing === 'lines'
  return trimJson(before)[0] === ARRAY || (endsWithWholeText(before) && trimJson(next).length > 0)
}
