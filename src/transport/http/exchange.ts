/** One HTTP request and its response as the transports see it: redirects followed, body decoded as it flows. */
import type { Clock } from '../../shared/clock.ts'
import type { Headers, OpenEvent } from '../../shared/event.ts'
import type { ConnectionSpec, NetworkSettings } from '../../shared/spec.ts'
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
  /** Milliseconds until the response head must be there; undefined waits for ever. */
  readonly headTimeout: number | undefined
  /** Keeps connections alive between exchanges; whoever made it closes it. Absent: the exchange has its own. */
  readonly agent?: HttpAgent
}

export interface BodySink {
  /**
   * Decoded body bytes, in order, none held back. `time` is when the last wire bytes they came from
   * arrived, on the session's clock. The view is valid during the call only. Throwing a `Failure` ends
   * the exchange with it.
   */
  data(bytes: Uint8Array, time: number): void
}

export interface CompleteBody {
  readonly complete: true
  readonly time: number
  /** Fields behind a chunked body (RFC 9112 section 7.1.2). */
  readonly trailers?: Headers
  /** What about the body is not as HTTP has it, in phrases. */
  readonly oddities?: readonly string[]
}

/** How a body ended: as its framing says it should, or early. Never rejects for what the network does. */
export type BodyEnd =
  | CompleteBody
  | {
      readonly complete: false
      readonly time: number
      readonly failure: import('../../shared/failure.ts').Failure
    }

export interface HttpResponse {
  /** After redirects. */
  readonly url: string
  readonly status: number
  /** Names in lower case. */
  readonly headers: Headers
  readonly httpVersion: string
  readonly remoteAddress: string | undefined
  readonly tls: OpenEvent['tls']
  readonly timing: OpenEvent['timing']
  readonly redirects: NonNullable<OpenEvent['redirects']>
  /** What in the head is not as HTTP has it, in phrases. */
  readonly oddities: readonly string[]
  /** Session times: the request, the first one where it was redirected, was written; the response head arrived. */
  readonly requestTime: number
  readonly headTime: number
  /** `content-length`, where the response has a valid one and no transfer-encoding. */
  readonly contentLength: number | undefined
  /** Reads the body to its end; call once. A response whose body nobody wants is to be aborted. */
  read(sink: BodySink): Promise<BodyEnd>
  /**
   * Bytes on the connection that the body range [start, end) took, chunk framing included: a chunk's size
   * line counts with its first byte, its closing CRLF with its last (RFC 9112 section 7.1). Undefined
   * where a content coding hides it. Ranges are asked in order; what lies before `start` is forgotten.
   */
  wireSpan(start: number, end: number): number | undefined
  /** What `wireSpan` is for the whole of a body that has ended, as coded; undefined once spans were asked for. */
  wireLength(): number | undefined
  pause(): void
  resume(): void
  /** Gives the body up and closes the connection. */
  abort(): void
}
