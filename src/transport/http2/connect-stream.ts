/** An extended CONNECT (RFC 8441 section 4): a request whose response turns its stream into a connection of another protocol. */
import type { OutgoingHttpHeaders } from 'node:http2'
import type { Clock } from '../../shared/clock.ts'
import type { Headers, Timing } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import type { HeadSizes } from '../http/exchange.ts'
import { closedEarly } from './end-of-stream.ts'
import { headOf } from './request-fields.ts'
import type { Http2Session } from './session.ts'
import { StreamMeter } from './stream-meter.ts'
import { StreamRequest } from './stream-request.ts'
import { StreamSocket } from './stream-socket.ts'

export interface ConnectOptions {
  readonly session: Http2Session
  /** With `:protocol`. */
  readonly fields: OutgoingHttpHeaders
  readonly url: string
  readonly clock: Clock
}

/** The response. If it opens a tunnel, the other protocol begins on the stream; otherwise the stream has a body. */
export interface ConnectResponse {
  readonly status: number
  readonly headers: Headers
  readonly timing: Timing
  readonly heads: HeadSizes
  /** Session time at which the head arrived. */
  readonly time: number
  /** Its reader calls `use` once it listens. */
  readonly socket: StreamSocket
  readonly meter: StreamMeter
}

/** Any 2xx does. */
export function opensTunnel(status: number): boolean {
  return status >= 200 && status < 300
}

export class ConnectStream {
  readonly #url: string
  readonly #request: StreamRequest
  readonly response: Promise<ConnectResponse>
  #resolve: (response: ConnectResponse) => void = () => {}
  #reject: (failure: Failure) => void = () => {}
  #socket: StreamSocket | undefined

  /** Sends the request now, or as soon as the peer allows one more. */
  constructor(options: ConnectOptions) {
    this.#url = options.url
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    const request = { ...options, body: undefined, staysOpen: true, repeatable: true }
    this.#request = new StreamRequest(request, {
      unsent: (failure) => this.#reject(failure),
      exceeded: (failure) => this.cancel(failure),
      response: (list, headTime) => this.#begin(list, headTime),
      ended: (log) => {
        if (log.end !== undefined) this.#socket?.ended()
      },
      closed: (code) => this.#end(code),
    })
  }

  /** The request was certainly not processed, or may be processed twice, so that it can be sent again. */
  get mayRepeat(): boolean {
    return this.#request.mayRepeat
  }

  /** What a time limit says that ends before the response, if the request still waits for others. */
  lateness(milliseconds: number): Failure | undefined {
    return this.#request.lateness(milliseconds)
  }

  /** Ends the stream. */
  cancel(failure: Failure): void {
    this.#reject(failure)
    if (this.#socket === undefined) this.#request.cancel()
    else this.#socket.destroy(failure)
  }

  #begin(list: readonly string[], time: number): void {
    const { log, headSize } = this.#request
    if (log === undefined) return
    const meter = new StreamMeter(log)
    const head = headOf(list)
    // A tunnel has no body, whatever the fields say (RFC 9110 section 9.3.6).
    const socket = new StreamSocket(this.#request, meter, !opensTunnel(head.status))
    this.#socket = socket
    const heads = { requestHeadSize: log.requestHeadSize, headSize }
    this.#resolve({ ...head, timing: this.#request.timing(time), heads, time, socket, meter })
  }

  #end(resetBySelf: number | undefined): void {
    const during = this.#socket === undefined ? 'head' : 'body'
    const failure = this.#request.failure({ during, resetBySelf })
    if (this.#socket === undefined) this.#reject(failure ?? closedEarly(this.#url, during))
    else this.#socket.over(this.#request.log?.end === undefined ? { failure } : 'in order')
  }
}
