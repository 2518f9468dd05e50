/** One request and its response on a stream of an HTTP/2 session. */
import type { OutgoingHttpHeaders } from 'node:http2'
import { bodyFraming } from '../../parse/http/body-framing.ts'
import type { Headers } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { type BodySource, ResponseBody } from '../http/body.ts'
import type { Call, CallHost, CallOptions } from '../http/call.ts'
import { contentCodings } from '../http/coding/decoder.ts'
import { ReceivedResponse } from '../http/received-response.ts'
import { closedEarly } from './end-of-stream.ts'
import { fieldsOf, headOf } from './request-fields.ts'
import type { Http2Session } from './session.ts'
import type { StreamLog } from './stream-log.ts'
import { StreamRequest } from './stream-request.ts'

export interface StreamCallOptions extends Omit<CallOptions, 'host'> {
  readonly host: Pick<CallHost, 'settled'>
  readonly session: Http2Session
  readonly fields: OutgoingHttpHeaders
}

export class StreamCall implements Call, BodySource {
  readonly isShared = true
  readonly #options: StreamCallOptions
  #resolve: (response: ReceivedResponse) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  /** Rejects with a `Failure`. */
  readonly response: Promise<ReceivedResponse>
  readonly #request: StreamRequest
  #body: ResponseBody | undefined
  /** The length that the response announces. */
  #contentLength: number | undefined
  #trailers: Headers | undefined
  #over = false

  /** Sends the request now, or as soon as the peer allows one more. */
  constructor(options: StreamCallOptions) {
    this.#options = options
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#request = new StreamRequest(options, {
      unsent: (failure) => this.#fail(failure),
      exceeded: (failure) => this.cancel(failure),
      response: (list, headTime) => this.#begin(list, headTime),
      trailers: (list) => {
        this.#trailers = fieldsOf(list)
      },
      ended: (log) => {
        // A reset without an error may come before the head, too.
        if (log.end !== undefined && !this.#isShort && this.#body !== undefined) this.#finish(log)
      },
      closed: (code) => this.#break(code),
    })
  }

  get over(): boolean {
    return this.#over
  }

  /** The request was certainly not processed, or may be processed twice, so that it can be sent again. */
  get mayRepeat(): boolean {
    return this.#request.mayRepeat
  }

  cancel(failure: Failure): void {
    if (this.#body !== undefined) this.#body.cancel(failure, this.#options.clock.now())
    else this.#fail(failure)
    this.#request.cancel()
  }

  lateness(milliseconds: number): Failure | undefined {
    return this.#request.lateness(milliseconds)
  }

  #begin(list: readonly string[], headTime: number): void {
    if (this.#over) return
    const { status, headers } = headOf(list)
    const codings = contentCodings(headers['content-encoding'])
    const body = new ResponseBody(codings, this.#options.maxExpansion, this)
    this.#body = body
    this.#resolve(this.#received(status, headers, headTime, body, codings.length > 0))
    const hasLength = bodyFraming(this.#options.method, status, headers).kind !== 'close'
    this.#request.data?.deliverTo((bytes, time) => body.push(bytes, time), hasLength)
  }

  #received(status: number, headers: Headers, headTime: number, body: ResponseBody, isCoded: boolean) {
    const { session, url, method, redirects, challenges, headsBefore, firstRequestTime } = this.#options
    const { log, headSize, requestTime } = this.#request
    const facts = {
      ...{ url, redirects, challenges, headTime },
      remoteAddress: session.socket.remoteAddress,
      tls: session.tls,
      timing: this.#request.timing(headTime),
      requestHeadSize: headsBefore.requestHeadSize + (log?.requestHeadSize ?? 0),
      headSize: headsBefore.headSize + headSize,
      requestTime: firstRequestTime ?? requestTime,
    }
    const sizes = log ?? { bodyLength: 0, wireSpan: () => undefined, wireSpans: () => false }
    const framing = bodyFraming(method, status, headers)
    this.#contentLength = framing.kind === 'length' ? framing.length : undefined
    const head = {
      ...{ status, version: '2', headers, framing, persistent: true, oddities: [] },
      size: headSize,
    }
    return new ReceivedResponse(head, facts, { sizes, body, isCoded, call: this })
  }

  /** The peer ended the body before its announced length. */
  get #isShort(): boolean {
    const { end, bodyLength = 0 } = this.#request.log ?? {}
    return end !== undefined && bodyLength < (this.#contentLength ?? 0)
  }

  #finish({ end, endTime }: StreamLog): void {
    if (this.#over) return
    this.#request.data?.flush()
    this.#over = true
    const trailers = this.#trailers
    const oddities =
      end === 'reset' ? ['its stream was ended by RST_STREAM (NO_ERROR) instead of END_STREAM'] : []
    this.#body?.finish({
      complete: true,
      time: endTime ?? this.#options.clock.now(),
      ...(trailers && { trailers }),
      ...(oddities.length > 0 && { oddities }),
    })
  }

  /** The stream has ended before the response was complete. */
  #break(code: number | undefined): void {
    if (this.#over) return
    this.#request.data?.flush()
    const during = this.#body === undefined ? 'head' : 'body'
    const { clock, url } = this.#options
    const ended = { during, isShort: this.#isShort, resetBySelf: code } as const
    const failure = this.#request.failure(ended) ?? closedEarly(url, during)
    if (this.#body === undefined) {
      this.#fail(failure)
      return
    }
    this.#over = true
    this.#body.finish({ complete: false, time: clock.now(), failure })
  }

  #fail(error: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#reject(error)
    this.#options.host.settled(this)
  }

  // For `ResponseBody`.

  pause(): void {
    this.#request.data?.pause()
  }

  resume(): void {
    this.#request.data?.resume()
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#request.cancel()
  }

  settled(): void {
    this.#options.host.settled(this)
  }
}
