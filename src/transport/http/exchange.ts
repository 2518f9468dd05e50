/** An HTTP request and its response as the transports see them, with redirects followed and the body decoded. */
import type { Socket } from 'node:net'
import type { BodyRanges } from '../../parse/record.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Headers, OpenEvent } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec, NetworkSettings } from '../../shared/spec.ts'
import type { Http2Sessions } from '../http2/sessions.ts'
import type { RequestHook } from '../request-hook.ts'
import type { HttpAgent } from './agent.ts'

export interface ExchangeRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: Uint8Array | undefined
  readonly spec: ConnectionSpec
  readonly network: NetworkSettings
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly hook?: RequestHook | undefined
  /** Called with each socket that is opened. */
  readonly connected?: ((socket: Socket) => void) | undefined
  /** Milliseconds within which the response head has to arrive; undefined for no limit. */
  readonly headTimeout: number | undefined
  /** Keeps connections alive between exchanges; its creator closes it. Default: an agent for this exchange only. */
  readonly agent?: HttpAgent
  /** HTTP/2 sessions that the default agent uses. */
  readonly sessions?: Http2Sessions | undefined
}

/** Bytes on the connection of the heads of a request and of its response, with those of redirects and challenges before it. */
export interface HeadSizes {
  readonly requestHeadSize: number
  readonly headSize: number
}

export interface BodySink {
  /**
   * Receives decoded bytes in order, without delay. `time` is the session time at which the last of their coded bytes
   * arrived. The view is valid during the call only. A `Failure` that it throws ends the exchange.
   */
  data(bytes: Uint8Array, time: number): void
}

/** What a body is read into. */
export interface BodyReader extends BodySink {
  /** Called once, when the body has ended, maybe during `read`. */
  ended(end: BodyEnd): void
}

export interface CompleteBody {
  readonly complete: true
  readonly time: number
  /** Fields after a chunked body (RFC 9112 section 7.1.2). */
  readonly trailers?: Headers
  /** Deviations of the body from HTTP, as phrases. */
  readonly oddities?: readonly string[]
}

/** How a body ended: as its framing says, or early. */
export type BodyEnd =
  | CompleteBody
  | {
      readonly complete: false
      readonly time: number
      readonly failure: Failure
    }

/** A response. What is undefined is not known, because another program received it. */
export interface HttpResponse extends Partial<HeadSizes> {
  /** After redirects. */
  readonly url: string
  readonly status: number
  /** Names in lower case. */
  readonly headers: Headers
  readonly httpVersion: string | undefined
  readonly remoteAddress: string | undefined
  readonly tls: OpenEvent['tls']
  readonly timing: OpenEvent['timing']
  readonly redirects: NonNullable<OpenEvent['redirects']>
  /** How many refusals the hook of the request answered. */
  readonly challenges: number
  /** Deviations of the head from HTTP, as phrases. */
  readonly oddities: readonly string[]
  /** Session times at which the (first) request was sent and the response head arrived. */
  readonly requestTime: number
  readonly headTime: number
  /** The Content-Length; undefined if it is absent, or overridden by Transfer-Encoding. */
  readonly contentLength: number | undefined
  /** Reads the body to its end; call once. Abort the response if its body is not needed. */
  read(reader: BodyReader): void
  /**
   * Wire size of the body range [start, end), with chunk framing: a chunk's size line counts with its first byte, its
   * closing CRLF with its last one (RFC 9112 section 7.1). Undefined if a content coding hides it. Ranges must be
   * requested in order; what precedes `start` is forgotten.
   */
  wireSpan(start: number, end: number): number | undefined
  /** Sets `into` to the wire sizes of many ranges of the body. Returns false if they have to be asked for one by one. */
  wireSpans?(ranges: BodyRanges, into: Uint32Array): boolean
  /** What faults of a proxy did to a range of the body; undefined if nothing. Forgets what precedes `start`. */
  faultsIn?(start: number, end: number): readonly string[] | undefined
  /** Wire size of a whole body that has ended; undefined if `wireSpan` was called. */
  wireLength(): number | undefined
  pause(): void
  resume(): void
  /** Stops reading and closes the connection. */
  abort(): void
}

/** Reads a body to its end. Call once. Never rejects. */
export function readBody(body: Pick<HttpResponse, 'read'>, sink: BodySink): Promise<BodyEnd> {
  return new Promise((ended) => body.read({ data: (bytes, time) => sink.data(bytes, time), ended }))
}
