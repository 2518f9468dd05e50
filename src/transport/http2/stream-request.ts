/** One request on a stream of an HTTP/2 session: waits for its place, is sent, and is measured up to the head of its response. */
import type { OutgoingHttpHeaders } from 'node:http2'
import { MAX_HEAD_SIZE } from '../../parse/http/response.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Timing } from '../../shared/event.ts'
import { type Failure, sentenceOf } from '../../shared/failure.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import { badRequest } from '../http/failures.ts'
import { networkFailure } from '../http/network-failures.ts'
import { endOfStream } from './end-of-stream.ts'
import { errorCode, fieldsTooLarge, noPlace } from './failures.ts'
import type { Http2Session, Place, SentRequest } from './session.ts'
import { StreamData } from './stream-data.ts'
import type { StreamLog } from './stream-log.ts'

export interface StreamRequestOptions {
  readonly session: Http2Session
  readonly fields: OutgoingHttpHeaders
  readonly body: Uint8Array | undefined
  /** More is sent after the head and the body. */
  readonly staysOpen?: boolean
  readonly url: string
  readonly clock: Clock
  /** Whether the request may be sent again if an idle connection turns out to be closed. */
  readonly repeatable: boolean
}

/** Uses the stream of a request. Lists of fields have names and values in turn. */
export interface StreamUser {
  /** The request could not be sent. */
  unsent(failure: Failure): void
  /** Its heads, or its trailers, exceed the limit. */
  exceeded(failure: Failure): void
  response(list: readonly string[], headTime: number): void
  trailers?(list: readonly string[]): void
  /** The peer sends no more. */
  ended(log: StreamLog): void
  /** The stream is over. `code` is that of the RST_STREAM frame that Node.js sent or received. */
  closed(code: number | undefined): void
}

export class StreamRequest {
  readonly #options: StreamRequestOptions
  readonly #user: StreamUser
  readonly #place: Place
  /** When it began, and whether it had to wait for other requests. */
  readonly #began: number
  readonly #isQueued: boolean
  /** Whether the session had carried requests before. */
  #isReused = false
  #sent: SentRequest | undefined
  #data: StreamData | undefined
  #sendTime = 0
  #firstByteTime: number | undefined
  /** Bytes of the heads of its responses so far. */
  headSize = 0

  /** Sends the request now, or as soon as the peer allows one more. */
  constructor(options: StreamRequestOptions, user: StreamUser) {
    this.#options = options
    this.#user = user
    this.#began = options.clock.now()
    this.#place = options.session.enter((place) => this.#send(place))
    this.#isQueued = this.#place.isWaiting
  }

  get log(): StreamLog | undefined {
    return this.#sent?.log
  }

  /** The stream; undefined before the request is sent. */
  get stream(): SentRequest['stream'] | undefined {
    return this.#sent?.stream
  }

  get data(): StreamData | undefined {
    return this.#data
  }

  /** When the request was written to the connection. */
  get requestTime(): number {
    return this.log?.requestTime ?? this.#sendTime
  }

  /** The phases up to the first byte of the response, whose head arrived at `headTime`. */
  timing(headTime: number): Timing {
    const { requestTime } = this
    return {
      ...(this.#isQueued && { queued: toMicroseconds(requestTime - this.#began) }),
      ...(!this.#isReused && this.#options.session.timing),
      firstByte: toMicroseconds((this.#firstByteTime ?? headTime) - requestTime),
    }
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

  /** What a time limit says that ends before the head of the response, if the request still waits for others. */
  lateness(milliseconds: number): Failure | undefined {
    const { session, url } = this.#options
    return this.#place.isWaiting ? noPlace(url, session.limit, milliseconds) : undefined
  }

  /** Why the stream ended early; undefined if the connection was closed without a reason. */
  failure(ended: {
    readonly during: 'head' | 'body'
    readonly isShort?: boolean
    readonly resetBySelf: number | undefined
  }): Failure | undefined {
    const { session, url } = this.#options
    return endOfStream({ session, url, log: this.log, isShort: false, ...ended })
  }

  /** Ends the stream by CANCEL, or does not send the request any more. */
  cancel(): void {
    if (this.#sent === undefined) this.#place.leave()
    const { stream } = this.#sent ?? {}
    this.#data?.stop()
    if (stream === undefined || stream.destroyed) return
    stream.close(errorCode('CANCEL'))
    stream.destroy()
  }

  #send(place: Place): void {
    const { session, fields, body, staysOpen, clock, url } = this.#options
    this.#sendTime = clock.now()
    this.#isReused = session.requests > 0
    let sent: SentRequest
    try {
      sent = session.send(fields, body, staysOpen)
    } catch (thrown) {
      place.leave()
      this.#user.unsent(
        session.isUsable
          ? badRequest(url, sentenceOf(thrown), 'correct the header fields, or use HTTP/1.1')
          : networkFailure(session.error ?? new Error('closed'), url),
      )
      return
    }
    this.#sent = sent
    this.#data = new StreamData(sent.stream, sent.log, session)
    this.#listen(sent, place)
  }

  #listen({ stream, log }: SentRequest, place: Place): void {
    const user = this.#user
    stream.on('headers', () => {
      this.#countBlock()
      this.#limit([])
    })
    stream.once('response', (_fields, _flags, list) => {
      const time = this.#countBlock()
      if (this.#limit(list)) user.response(list, time)
    })
    stream.once('trailers', (_fields, _flags, list) => {
      if (this.#limit(list)) user.trailers?.(list)
    })
    stream.once('end', () => user.ended(log))
    // What ended the stream is read from its log and from the session.
    stream.once('error', () => {})
    stream.once('close', () => {
      place.leave()
      user.closed(stream.rstCode)
    })
  }

  /**
   * Whether the heads so far, and the fields of the latest block, are within the limit. Compression makes large fields small. Node.js limits
   * them, but only after the peer has acknowledged our settings.
   */
  #limit(list: readonly string[]): boolean {
    const size = list.reduce((sum, text) => sum + text.length, 0)
    const isWithin = Math.max(size, this.headSize) <= MAX_HEAD_SIZE
    if (!isWithin) this.#user.exceeded(fieldsTooLarge(this.#options.url))
    return isWithin
  }

  /** The time at which a head arrived. Its size counts. */
  #countBlock(): number {
    const block = this.log?.nextBlock()
    const time = block?.time ?? this.#options.clock.now()
    this.#firstByteTime ??= time
    this.headSize += block?.size ?? 0
    return time
  }
}
