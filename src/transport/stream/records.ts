/** A response body read as records, each reported as an event as soon as it is whole. */
import type { RecordBatch, RecordParser, RecordSink, StreamRecord } from '../../parse/record.ts'
import { isValidUtf8 } from '../../parse/utf8.ts'
import { UNKNOWN_SIZE } from '../../shared/columns.ts'
import type { TransportEvent } from '../../shared/event.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { BodyEnd, BodySink, HttpResponse } from '../http/exchange.ts'
import { emitError } from '../report.ts'
import type { AttemptContext } from '../transport.ts'
import { isAlreadyEmitted } from './event-ids.ts'
import { LullWatch } from './lull-watch.ts'

export interface RecordSource {
  readonly response: HttpResponse
  /** Reads the body; by default the response's own. */
  readonly read?: (sink: BodySink) => Promise<BodyEnd>
}

export interface RecordHooks {
  /** Before a record is reported. */
  before?(record: StreamRecord, time: number): void
  /** Everything that a chunk brought is reported. */
  afterChunk?(time: number): void
}

/**
 * Reads a body to its end. Where the body is complete but ends inside a record, that is reported as an `error`
 * TRUNCATED; a body that breaks is left to the caller to report, and what the parser remarks of the rest.
 */
export async function readRecords(
  context: AttemptContext,
  { response, read = (sink) => response.read(sink) }: RecordSource,
  makeParser: (sink: RecordSink, onBatch?: (batch: RecordBatch) => void) => RecordParser,
  hooks: RecordHooks = {},
): Promise<BodyEnd & { readonly remark?: string | undefined }> {
  let time = response.headTime
  let cut: StreamRecord | undefined
  let failure: Failure | undefined
  /** The body broke: a piece of a record that it ends in is no whole one. */
  let isBroken = false
  let watch: LullWatch | undefined
  const parser = makeParser(
    (record) => {
      if (context.signal.aborted) return
      const told = isBroken && record.framing !== undefined ? { ...record, truncated: true } : record
      if (told.truncated) cut = told
      const arrival = watch?.timeOf(record.end) ?? time
      hooks.before?.(told, arrival)
      emitRecord(context, response, told, arrival)
    },
    batchEmitter(context, response, () => time),
  )
  if (parser.lull !== undefined)
    watch = new LullWatch(parser, () => {
      try {
        parser.lull?.()
      } catch (thrown) {
        // Nobody else would catch it here.
        failure = thrown instanceof Failure ? thrown : new Failure('INTERNAL', sentenceOf(thrown))
        response.abort()
      }
      watch?.settle()
    })
  const bodyEnd = await read({
    data(bytes, arrival) {
      time = arrival
      watch?.arrived(bytes, arrival)
      try {
        parser.push(bytes)
      } finally {
        hooks.afterChunk?.(time)
      }
      watch?.settle()
    },
  })
  watch?.stop()
  const end: BodyEnd = failure === undefined ? bodyEnd : { complete: false, time: bodyEnd.time, failure }
  if (context.signal.aborted || isOverLimit(end)) return end
  isBroken = !end.complete
  cut = undefined
  try {
    parser.end()
  } catch (thrown) {
    return { complete: false, time: end.time, failure: failureOf(thrown) }
  }
  if (cut !== undefined && end.complete) emitError(context, truncated(cut), end.time)
  return { ...end, remark: parser.remark }
}

/** What a parser gave up over; throws what is none of its failures. */
function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  throw thrown
}

/** The parser gave up, so there is no remainder to ask it for. */
function isOverLimit(end: BodyEnd): boolean {
  return !end.complete && end.failure.code === 'TOO_LARGE'
}

function truncated(record: StreamRecord): Failure {
  const size = record.end - record.start
  const advice = 'check whether the server ends each one as its framing asks'
  if (record.kind === 'discarded' && record.framing === 'multipart')
    return new Failure(
      'TRUNCATED',
      `The body has no boundary of a multipart one, so its ${size} bytes are of no part; check the boundary of its Content-Type, or name another framing.`,
    )
  if (record.kind === 'discarded' && record.framing === 'json-array')
    return new Failure('TRUNCATED', `The body ended inside a JSON array that nothing closes; ${advice}.`)
  return new Failure(
    'TRUNCATED',
    record.kind === 'discarded'
      ? `The stream ended inside an event, whose ${size} bytes were discarded for want of a blank line; ${advice}.`
      : `The body ended inside a record, of which ${record.payload.length} ${record.payload.length === 1 ? 'byte' : 'bytes'} had come; ${advice}.`,
  )
}

/** Reports the plain records of a chunk at once; undefined where each is to be reported by itself. */
function batchEmitter(
  { emitBatch, signal }: AttemptContext,
  response: HttpResponse,
  time: () => number,
): ((batch: RecordBatch) => void) | undefined {
  if (emitBatch === undefined) return undefined
  let wireSizes = new Uint32Array(0)
  let binary = new Uint8Array(0)
  return ({ count, bytes, starts, sizes, from, to }) => {
    if (signal.aborted) return
    if (wireSizes.length < starts.length) {
      wireSizes = new Uint32Array(starts.length)
      binary = new Uint8Array(starts.length)
    }
    for (let index = 0; index < count; index++)
      wireSizes[index] = response.wireSpan(from[index] ?? 0, to[index] ?? 0) ?? UNKNOWN_SIZE
    emitBatch({ time: time(), count, bytes, starts, sizes, wireSizes, binary, event: 'message' })
  }
}

function emitRecord(
  context: AttemptContext,
  response: HttpResponse,
  record: StreamRecord,
  time: number,
): void {
  const { kind, payload, event, id, ownId } = record
  if (kind === 'discarded') return
  if (kind === 'comment') {
    context.emit({ type: 'comment', time, payload })
    return
  }
  // Assigned rather than spread: this runs for every record of a flood.
  const message: Writable<TransportEvent & { readonly type: 'message' }> = {
    type: 'message',
    time,
    direction: 'in',
    payload,
    opcode: record.isText || isValidUtf8(payload) ? 'text' : 'binary',
  }
  const wireSize = record.awaitsLf ? undefined : response.wireSpan(record.start, record.end)
  if (wireSize !== undefined) message.wireSize = wireSize
  if (event !== undefined) message.event = event
  if (id !== undefined && id !== '') {
    const told = isAlreadyEmitted(context.resume, id)
    if (told && !ownId) message.sameId = true
    else message.id = id
  }
  if (record.framing !== undefined) message.framing = record.framing
  if (record.oddities !== undefined) message.oddities = record.oddities
  if (record.truncated) message.truncated = true
  context.emit(message)
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
