/** One request and its response on a stream of an HTTP/2 session. */
import type { OutgoingHttpHeaders } from 'node:http2'
import { bodyFraming } from '../../parse/http/body-framing.ts'
import { MAX_HEAD_SIZE } from '../../parse/http/response.ts'
import type { Headers, Timing } from '../../shared/event.ts'
import { type Failure, sentenceOf } from '../../shared/failure.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import { type BodySource, ResponseBody } from '../http/body.ts'
import type { Call, CallOptions } from '../http/call.ts'
import { contentCodings } from '../http/coding/decoder.ts'
import { aborted, badRequest } from '../http/failures.ts'
import { networkFailure } from '../http/network-failures.ts'
import { ReceivedResponse } from '../http/received-response.ts'
import { endOfStream } from './end-of-stream.ts'
import { errorCode, fieldsTooLarge, noPlace } from './failures.ts'
import { fieldsOf } from './request-fields.ts'
import type { Http2Session, Place, SentRequest } from './session.ts'
import { StreamData } from './stream-data.ts'
import type { StreamLog } from './stream-log.ts'

export interface StreamCallOptions extends CallOptions {
  readonly session: Http2Session
  readonly fields: OutgoingHttpHeaders
}

export class StreamCall implements Call, BodySource {
  readonly #options: StreamCallOptions
  #resolve: (response: ReceivedResponse) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  readonly response: Promise<ReceivedResponse>
  readonly #place: Place
  /** When the call began, and whether it had to wait for other requests. */
  readonly #began: number
  readonly #isQueued: boolean
  /** Whether the session had carried requests before. */
  #isReused = false
  #sent: SentRequest | undefined
  #data: StreamData | undefined
  #body: ResponseBody | undefined
  #requestTime = 0
  #firstByteTime: number | undefined
  #headSize = 0
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
    this.#began = options.clock.now()
    this.#place = options.session.enter((place) => this.#send(place))
    this.#isQueued = this.#place.isWaiting
  }

  get over(): boolean {
    return this.#over
  }

  /** The request was certainly not processed, or may be processed twice, so that it can be sent again. */
  get mayRepeat(): boolean {
    const { session, repeatable } = this.#options
    if (this.#sent === undefined) return !session.isUsable
    const { stream, log } = this.#sent
    if (this.#firstByteTime !== undefined) return false
    // RFC 9113 section 8.7.
    if (log.resetCode === errorCode('REFUSED_STREAM')) return true
    if (session.goAway !== undefined && (stream.id ?? 0) > session.goAway.lastStream) return true
    return this.#isReused && repeatable && log.resetCode === undefined && !session.isUsable
  }

  cancel(failure: Failure): void {
    if (this.#body !== undefined) this.#body.cancel(failure, this.#options.clock.now())
    else this.#fail(failure)
    this.#closeStream()
  }

  lateness(milliseconds: number): Failure | undefined {
    const { session, url } = this.#options
    return this.#place.isWaiting ? noPlace(url, session.limit, milliseconds) : undefined
  }

  #send(place: Place): void {
    const { session, fields, body, clock, url } = this.#options
    if (this.#over) {
      place.leave()
      return
    }
    this.#requestTime = clock.now()
    this.#isReused = session.requests > 0
    let sent: SentRequest
    try {
      sent = session.send(fields, body)
    } catch (thrown) {
      place.leave()
      this.#fail(
        session.isUsable
          ? badRequest(url, sentenceOf(thrown), 'correct the header fields, or use HTTP/1.1')
          : networkFailure(session.error ?? new Error('closed'), url),
      )
      return
    }
    this.#sent = sent
    const { stream, log } = sent
    this.#data = new StreamData(stream, log, session)
    stream.on('headers', () => this.#informed())
    stream.once('response', (_fields, _flags, list) => this.#begin(list))
    stream.once('trailers', (_fields, _flags, list) => {
      this.#trailers = fieldsOf(list)
    })
    stream.once('end', () => {
      if (log.end !== undefined && !this.#isShort) this.#finish(log)
    })
    // What ended the stream is read from its log and from the session.
    stream.once('error', () => {})
    stream.once('close', () => {
      place.leave()
      this.#break(stream.rstCode)
    })
  }

  /** An informational response has arrived. */
  #informed(): void {
    this.#countBlock()
    if (this.#headSize > MAX_HEAD_SIZE) this.cancel(fieldsTooLarge(this.#options.url))
  }

  /** The time at which a head arrived. Its size counts. */
  #countBlock(): number {
    const block = this.#sent?.log.nextBlock()
    const time = block?.time ?? this.#options.clock.now()
    this.#firstByteTime ??= time
    this.#headSize += block?.size ?? 0
    return time
  }

  #begin(list: readonly string[]): void {
    if (this.#over) return
    const headTime = this.#countBlock()
    const headers = fieldsOf(list)
    const status = Number(list[list.indexOf(':status') + 1])
    const codings = contentCodings(headers['content-encoding'])
    const body = new ResponseBody(codings, this.#options.maxExpansion, this)
    this.#body = body
    this.#resolve(this.#received(status, headers, headTime, body, codings.length > 0))
    this.#data?.deliverTo((bytes, time) => body.push(bytes, time))
  }

  #received(status: number, headers: Headers, headTime: number, body: ResponseBody, isCoded: boolean) {
    const { session, url, method, redirects, challenges, headsBefore, firstRequestTime } = this.#options
    const log = this.#sent?.log
    const requestTime = log?.requestTime ?? this.#requestTime
    const firstByte = toMicroseconds((this.#firstByteTime ?? headTime) - requestTime)
    const timing: Timing = {
      ...(this.#isQueued && { queued: toMicroseconds(requestTime - this.#began) }),
      ...(!this.#isReused && session.timing),
      firstByte,
    }
    const facts = {
      ...{
        url,
        remoteAddress: session.socket.remoteAddress,
        tls: session.tls,
        timing,
        redirects,
        challenges,
      },
      requestHeadSize: headsBefore.requestHeadSize + (log?.requestHeadSize ?? 0),
      headSize: headsBefore.headSize + this.#headSize,
      requestTime: firstRequestTime ?? requestTime,
      headTime,
    }
    const sizes = log ?? { bodyLength: 0, wireSpan: () => undefined }
    const framing = bodyFraming(method, status, headers)
    this.#contentLength = framing.kind === 'length' ? framing.length : undefined
    const head = {
      status,
      version: '2',
      headers,
      framing,
      persistent: true,
      size: this.#headSize,
      oddities: [],
    }
    const abort = () => this.cancel(aborted(url))
    return new ReceivedResponse(head, facts, { sizes, body, isCoded, abort })
  }

  /** The peer ended the body before its announced length. */
  get #isShort(): boolean {
    const { end, bodyLength = 0 } = this.#sent?.log ?? {}
    return end !== undefined && bodyLength < (this.#contentLength ?? 0)
  }

  #finish({ end, endTime }: StreamLog): void {
    if (this.#over) return
    this.#data?.flush()
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
    if (this.#over || this.#sent === undefined) return
    const { session, url, clock } = this.#options
    this.#data?.flush()
    const during = this.#body === undefined ? 'head' : 'body'
    const failure = endOfStream({
      session,
      url,
      during,
      isShort: this.#isShort,
      resetBySelf: code,
      log: this.#sent.log,
    })
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

  #closeStream(): void {
    if (this.#sent === undefined) this.#place.leave()
    const { stream } = this.#sent ?? {}
    this.#data?.stop()
    if (stream === undefined || stream.destroyed) return
    stream.close(errorCode('CANCEL'))
    stream.destroy()
  }

  // For `ResponseBody`.

  pause(): void {
    this.#data?.pause()
  }

  resume(): void {
    this.#data?.resume()
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#closeStream()
  }

  settled(): void {
    this.#options.host.settled(this)
  }
}
