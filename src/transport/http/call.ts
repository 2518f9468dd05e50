/** One request and its response, over whatever version of HTTP. */
import type { Clock } from '../../shared/clock.ts'
import type { Failure } from '../../shared/failure.ts'
import type { HeadSizes, HttpResponse } from './exchange.ts'

export interface CallOptions {
  readonly url: string
  readonly method: string
  readonly body: Uint8Array | undefined
  readonly clock: Clock
  readonly redirects: HttpResponse['redirects']
  readonly challenges: number
  /** Of the redirects and challenges before this request. */
  readonly headsBefore: HeadSizes
  /** When the request was sent that was redirected to this one; undefined if this is the first. */
  readonly firstRequestTime: number | undefined
  /** Whether the request may be sent again if an idle connection turns out to be closed. */
  readonly repeatable: boolean
  /** Bytes that the body may expand to from very few. */
  readonly maxExpansion: number
  readonly host: CallHost
}

/** A response whose sizes are known, with that of the request. */
export type MeasuredResponse = HttpResponse & HeadSizes

/** Gets what comes of a call. No promise does, which would live as long as a thousand requests are held. */
export interface CallHost {
  /** Called when the head of the response has arrived, after all that arrived with it. */
  responded(call: Call, response: MeasuredResponse): void
  /** Called if the request gets no response. The error is a `Failure`, or one for `networkFailure`. */
  failed(call: Call, error: unknown): void
  /** Called when the response is over, however it ends. */
  settled(call: Call): void
}

export interface Call {
  /** The response has arrived completely, or failed. */
  readonly over: boolean
  /** Ends the response with a failure. Closes the connection unless it serves other requests, or the whole response has arrived. */
  cancel(failure: Failure): void
  /** What a time limit says that ends before the head of the response: a reason besides that the server did not answer. */
  lateness?(milliseconds: number): Failure | undefined
}
