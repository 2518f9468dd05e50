/** One request and its response on an origin's connection. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Clock } from '../../shared/clock.ts'
import type { Headers, Timing } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { type LiveSocket, MAX_HEAD_SIZE, type Origin } from './agent.ts'
import { ResponseBody } from './body.ts'
import { contentCodings } from './decode.ts'
import type { BodyEnd, BodySink, HttpResponse } from './exchange.ts'
import { networkFailure } from './failures.ts'
import { ResponseWire } from './wire.ts'

export interface CallOptions {
  readonly origin: Origin
  readonly url: string
  readonly clock: Clock
  readonly redirects: HttpResponse['redirects']
  /** When the request was written that was redirected here; absent: this is the first. */
  readonly firstRequestTime: number | undefined
  /** Whether it may be sent again where an idle connection turns out to be closed. */
  readonly repeatable: boolean
  /** Bytes that its body may unpack to out of next to nothing. */
  readonly maxExpansion: number
  /** Called once the response is over, however it ends. */
  readonly settled: () => void
}

/** The server closed an idle connection just as the request went out; it never saw it. */
export class StaleConnection extends Error {}

export class Call implements Dispatcher.DispatchHandler {
  readonly #options: CallOptions
  #resolve: (response: HttpResponse) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  readonly response: Promise<HttpResponse>
  #controller: Dispatcher.DispatchController | undefined
  #live: LiveSocket | undefined
  #wire = new ResponseWire(MAX_HEAD_SIZE)
  #reused = false
  #requestTime = 0
  #body: ResponseBody | undefined
  #received = 0
  #closeDelimited = false
  #cancelled: Failure | undefined
  #over = false

  constructor(options: CallOptions) {
    this.#options = options
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** The whole response has arrived or failed. */
  get over(): boolean {
    return this.#over
  }

  /** Gives the response up, and closes the connection where more of it was to come. */
  cancel(failure: Failure): void {
    this.#cancelled ??= failure
    if (this.#body !== undefined) {
      this.#body.cancel(failure, this.#options.clock.now())
      return
    }
    this.#closeConnection()
    this.#fail(failure)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#cancelled !== undefined) {
      controller.abort(this.#cancelled)
      return
    }
    const live = this.#options.origin.live
    this.#live = live
    this.#reused = live !== undefined && live.requests > 0
    if (live !== undefined) {
      live.requests++
      live.wire = this.#wire
    }
    this.#setPaused(false)
    this.#wire.begin()
    this.#requestTime = this.#options.clock.now()
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    fields: IncomingHttpHeaders,
  ): void {
    // Only a 101 that lacks its Upgrade field; other informational responses do not come this far.
    if (status < 200) {
      controller.abort(Object.assign(new Error('bad upgrade'), { code: 'UND_ERR_SOCKET' }))
      return
    }
    const headers = fields as Headers
    const chunked = lastCoding(headers['transfer-encoding']) === 'chunked'
    this.#wire.framed(chunked)
    const contentLength = chunked ? undefined : parseLength(headers['content-length'])
    this.#closeDelimited = !chunked && contentLength === undefined
    const codings = contentCodings(headers['content-encoding'])
    const { maxExpansion, settled } = this.#options
    this.#body = new ResponseBody(codings, maxExpansion, this.#source(), settled)
    this.#wire.shorten(
      (bytes, time) => {
        this.#received += bytes.length
        return this.#body?.push(bytes, time) ?? true
      },
      (bytes) => this.#live?.tapped.feed(bytes),
    )
    this.#resolve(this.#describe(status, headers, codings.length > 0, contentLength, this.#body))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const body = this.#body
    if (body === undefined) return
    const start = this.#received
    this.#received += chunk.length
    this.#wire.arrivals(start, this.#received, (from, to, time) =>
      body.push(to - from === chunk.length ? chunk : chunk.subarray(from - start, to - start), time),
    )
    this.#wire.delivered(this.#received)
  }

  onResponseEnd(): void {
    this.#over = true
    const error = this.#live?.error
    // RFC 9112 section 8: such a body is complete when the connection closes, not when it breaks.
    if (this.#closeDelimited && error !== undefined) this.#body?.finish(this.#incomplete(error))
    else this.#body?.finish({ complete: true, time: this.#wire.lastTime ?? this.#options.clock.now() })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#over) return
    const known = this.#cancelled ?? this.#live?.error ?? error
    if (this.#body !== undefined) {
      this.#over = true
      this.#body.finish(this.#incomplete(known))
    } else if (this.#isStale()) this.#fail(new StaleConnection())
    else this.#fail(networkFailure(known, this.#options.url))
  }

  #isStale(): boolean {
    const unanswered = this.#reused && this.#wire.firstByteTime === undefined
    return unanswered && this.#options.repeatable && this.#cancelled === undefined
  }

  #incomplete(error: unknown): BodyEnd {
    const failure = networkFailure(error, this.#options.url, 'body')
    return { complete: false, time: this.#options.clock.now(), failure }
  }

  #fail(error: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#reject(error)
    this.#options.settled()
  }

  #closeConnection(): void {
    const failure = this.#cancelled ?? new Failure('ABORTED', 'The response was given up.')
    if (this.#controller !== undefined) this.#controller.abort(failure)
    else this.#options.origin.destroy(failure)
  }

  /**
   * Stops the connection itself: the HTTP client's parser, were it paused, would fail an assertion that nobody can
   * catch where the connection ends meanwhile (nodejs/undici#5360), and lose what it had.
   */
  #setPaused(paused: boolean): void {
    const live = this.#live
    if (live === undefined || live.paused === paused) return
    live.paused = paused
    if (!paused) live.tapped.resume()
  }

  #source() {
    return {
      pause: () => this.#setPaused(true),
      resume: () => this.#setPaused(false),
      abort: () => {
        this.#over = true
        this.#closeConnection()
      },
    }
  }

  #describe(
    status: number,
    headers: Headers,
    coded: boolean,
    contentLength: number | undefined,
    body: ResponseBody,
  ): HttpResponse {
    const { url, redirects, firstRequestTime, clock } = this.#options
    const wire = this.#wire
    const socket = this.#live?.socket
    const firstByte = (wire.firstByteTime ?? clock.now()) - this.#requestTime
    const timing: Timing = { ...(this.#reused ? {} : this.#live?.timing), firstByte }
    return {
      url,
      status,
      headers,
      httpVersion: wire.httpVersion ?? '1.1',
      remoteAddress: socket?.remoteAddress,
      tls: this.#live?.tls,
      timing,
      redirects,
      requestTime: firstRequestTime ?? this.#requestTime,
      headTime: wire.headTime ?? clock.now(),
      contentLength,
      read: (sink: BodySink) => body.read(sink),
      wireSpan: (start, end) => (coded ? undefined : wire.span(start, end)),
      wireLength: () => wire.span(0, wire.bodyLength),
      pause: () => body.pause(),
      resume: () => body.resume(),
      abort: () =>
        this.cancel(
          new Failure('ABORTED', `Reading from ${maskUrl(url)} was given up; connect again to go on.`),
        ),
    }
  }
}

function lastCoding(value: string | readonly string[] | undefined): string | undefined {
  const text = typeof value === 'string' ? value : value?.at(-1)
  return text?.split(',').at(-1)?.trim().toLowerCase()
}

function parseLength(value: string | readonly string[] | undefined): number | undefined {
  const text = typeof value === 'string' ? value : value?.[0]
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
