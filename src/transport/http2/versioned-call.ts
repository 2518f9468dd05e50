/** A request over HTTP/2, or over HTTP/1.1 if that may be and the server chooses it. */
import type { OutgoingHttpHeaders } from 'node:http2'
import type { Failure } from '../../shared/failure.ts'
import type { Call, CallHost, CallOptions } from '../http/call.ts'
import type { OpenSocket } from '../http/connect.ts'
import { networkFailure } from '../http/network-failures.ts'
import type { ReceivedResponse } from '../http/received-response.ts'
import type { Http2Sessions, SessionRequest } from './sessions.ts'
import { StreamCall } from './stream-call.ts'

/** How often a request is sent if servers refuse it unprocessed. */
export const MAX_TRIES = 4

export interface VersionedCallOptions extends CallOptions {
  readonly sessions: Http2Sessions
  readonly request: SessionRequest
  readonly fields: OutgoingHttpHeaders
  /** Sends the request over HTTP/1.1, on a connection that is open. */
  overHttp1(opened: OpenSocket, host: CallHost): Call
}

export class VersionedCall implements Call, CallHost {
  readonly #options: VersionedCallOptions
  /** Aborted if the call is cancelled. */
  readonly #control = new AbortController()
  #call: Call | undefined

  constructor(options: VersionedCallOptions) {
    this.#options = options
    // A session may be that of another connection. What a promise calls is part of this one's work, and so are its errors.
    this.#run().then(
      (response) => response && options.host.responded(this, response),
      (error) => options.host.failed(this, error),
    )
  }

  get over(): boolean {
    return this.#call?.over === true
  }

  cancel(failure: Failure): void {
    this.#control.abort(failure)
    this.#call?.cancel(failure)
  }

  lateness(milliseconds: number): Failure | undefined {
    return this.#call?.lateness?.(milliseconds)
  }

  // For the call over HTTP/1.1.

  responded(_call: Call, response: ReceivedResponse): void {
    this.#options.host.responded(this, response)
  }

  failed(_call: Call, error: unknown): void {
    this.#options.host.failed(this, networkFailure(error, this.#options.url))
  }

  settled(): void {
    this.#options.host.settled(this)
  }

  /** Resolves with the response over HTTP/2; with undefined if the request is sent over HTTP/1.1. */
  async #run(): Promise<ReceivedResponse | undefined> {
    const { sessions, request, overHttp1, url } = this.#options
    const { signal } = this.#control
    for (let tries = 1; ; tries++) {
      let call: StreamCall | undefined
      try {
        const { session, http1 } = await sessions.get(request, signal)
        if (session === undefined) {
          if (signal.aborted) http1.socket.destroy()
          signal.throwIfAborted()
          this.#call = overHttp1(http1, this)
          return undefined
        }
        signal.throwIfAborted()
        call = new StreamCall({ ...this.#options, session, host: this })
        this.#call = call
        return await call.response
      } catch (error) {
        const isAgain = call?.mayRepeat === true && tries < MAX_TRIES && !signal.aborted
        if (!isAgain) throw networkFailure(error, url)
      }
    }
  }
}
