/** One request and its response over HTTP/1.1, on the connection of an origin. */
import { ResponseReader, type ResponseSink } from '../../parse/http/response.ts'
import type { ResponseHead } from '../../parse/http/response-head.ts'
import type { Headers, Timing } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import type { Origin } from './agent.ts'
import { type BodySource, ResponseBody } from './body.ts'
import type { Call, CallOptions } from './call.ts'
import { contentCodings } from './coding/decoder.ts'
import { field } from './fields.ts'
import type { ConnectionUser, HttpConnection } from './http-connection.ts'
import { networkFailure } from './network-failures.ts'
import { ReceivedResponse } from './received-response.ts'

export class Http1Call implements Call, ConnectionUser, ResponseSink, BodySource {
  readonly #options: CallOptions
  readonly #origin: Origin
  /** The request's head. */
  readonly #sent: string
  /** Exists from the first bytes on: a thousand calls may wait for theirs. */
  #reader: ResponseReader | undefined
  #connection: HttpConnection | undefined
  #head: ResponseHead | undefined
  #body: ResponseBody | undefined
  /** The response until the host has it. */
  #received: ReceivedResponse | undefined
  #requestTime = 0
  #firstByteTime: number | undefined
  /** When the latest bytes arrived. */
  #time = 0
  #trailers: Headers | undefined
  #cancelled: Failure | undefined
  #over = false

  /** Sends the request now, or as soon as a connection is open. `head`: one Latin-1 character per byte. */
  constructor(options: CallOptions, origin: Origin, head: string) {
    this.#options = options
    this.#origin = origin
    this.#sent = head
    const { free } = origin
    if (free !== undefined) this.#send(free)
    else this.#open()
  }

  /** The response has arrived completely, or failed. */
  get over(): boolean {
    return this.#over
  }

  /** Ends the response with a failure. Closes the connection unless the whole response has arrived. */
  cancel(failure: Failure): void {
    this.#cancelled ??= failure
    if (this.#body !== undefined) {
      this.#body.cancel(failure, this.#options.clock.now())
      return
    }
    if (this.#connection !== undefined) this.#connection.destroy()
    else if (!this.#over) this.#origin.destroy(failure)
    this.#fail(failure)
  }

  arrived(bytes: Uint8Array): void {
    this.#time = this.#options.clock.now()
    this.#firstByteTime ??= this.#time
    try {
      const reader = this.#responseReader()
      const length = reader.push(bytes)
      if (reader.isOver && !this.#over) this.#finish(length === bytes.length)
    } catch (error) {
      this.#connection?.destroy()
      this.#break(error)
    }
    this.#hand()
  }

  ended(error: Error | undefined): void {
    if (this.#over) return
    // The server closed the idle connection while the request was sent, so it never received the request.
    if (this.#cancelled === undefined && this.#isStale()) this.#open()
    else if (error !== undefined) this.#break(error)
    else {
      try {
        this.#responseReader().finish()
        this.#finish(true)
      } catch (cut) {
        this.#break(cut)
      }
    }
  }

  /** Opens a connection and sends the request on it. */
  #open(): void {
    this.#connection = undefined
    const { url } = this.#options
    this.#origin.connect().then(
      (connection) => this.#send(connection),
      (error) => this.#fail(networkFailure(this.#cancelled ?? error, url)),
    )
  }

  #send(connection: HttpConnection): void {
    if (this.#over) {
      connection.destroy()
      return
    }
    this.#connection = connection
    const { body, clock } = this.#options
    this.#requestTime = clock.now()
    connection.use(this, this.#sent, body)
  }

  #responseReader(): ResponseReader {
    this.#reader ??= new ResponseReader(this.#options.method, this)
    return this.#reader
  }

  // For `ResponseReader`.

  head(head: ResponseHead): void {
    this.#head = head
    const { headers, framing } = head
    const coded = headers['content-encoding']
    const codings = coded === undefined ? framing.codings : [...framing.codings, ...contentCodings(coded)]
    this.#body = new ResponseBody(codings, this.#options.maxExpansion, this)
    this.#received = this.#responseOf(head, this.#body, codings.length > 0)
  }

  /** Gives the host a response that has just begun. It may abort the response, or send the next request. */
  #hand(): void {
    const response = this.#received
    if (response === undefined) return
    this.#received = undefined
    this.#options.host.responded(this, response)
  }

  data(bytes: Uint8Array): void {
    this.#body?.push(bytes, this.#time)
  }

  end(trailers: Headers | undefined): void {
    this.#trailers = trailers
  }

  /** The response has arrived completely. `isClean`: no bytes follow it. */
  #finish(isClean: boolean): void {
    this.#over = true
    const head = this.#head
    if (isClean && head?.persistent) this.#connection?.release(field(head.headers, 'keep-alive'))
    else this.#connection?.destroy()
    const end = { complete: true, time: this.#time } as const
    const trailers = this.#trailers
    const oddities = this.#oddities(isClean)
    if (trailers === undefined && oddities === undefined) this.#body?.finish(end)
    else this.#body?.finish({ ...end, ...(trailers && { trailers }), ...(oddities && { oddities }) })
  }

  #oddities(isClean: boolean): string[] | undefined {
    const hasOddChunks = this.#reader?.hasOddChunks === true
    if (isClean && !hasOddChunks) return undefined
    const oddities: string[] = []
    if (hasOddChunks)
      oddities.push('a chunk size is followed by white space or by a line feed without a carriage return')
    if (!isClean) oddities.push('bytes after the end of the response were ignored')
    return oddities
  }

  /** The response was cut off, or is malformed. */
  #break(thrown: unknown): void {
    if (this.#over) return
    const error = this.#cancelled ?? thrown
    if (this.#body === undefined) {
      this.#fail(networkFailure(error, this.#options.url))
      return
    }
    this.#over = true
    const failure = networkFailure(error, this.#options.url, 'body')
    this.#body.finish({ complete: false, time: this.#options.clock.now(), failure })
  }

  #isStale(): boolean {
    const isReused = this.#connection !== undefined && this.#connection.requests > 1
    return isReused && this.#firstByteTime === undefined && this.#options.repeatable
  }

  #fail(error: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#options.host.failed(this, error)
    this.#options.host.settled(this)
  }

  // For `ResponseBody`.

  pause(): void {
    if (!this.#over) this.#connection?.pause()
  }

  resume(): void {
    if (!this.#over) this.#connection?.resume()
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#connection?.destroy()
  }

  settled(): void {
    this.#options.host.settled(this)
  }

  #responseOf(head: ResponseHead, body: ResponseBody, isCoded: boolean): ReceivedResponse {
    const { url, redirects, challenges, headsBefore, firstRequestTime } = this.#options
    const connection = this.#connection
    const firstByte = toMicroseconds((this.#firstByteTime ?? this.#time) - this.#requestTime)
    const isFirst = connection !== undefined && connection.requests === 1
    const timing: Timing = isFirst ? { ...connection.timing, firstByte } : { firstByte }
    const facts = {
      url,
      remoteAddress: connection?.socket.remoteAddress,
      tls: connection?.tls,
      timing,
      redirects,
      challenges,
      requestHeadSize: headsBefore.requestHeadSize + this.#sent.length,
      headSize: headsBefore.headSize + head.size,
      requestTime: firstRequestTime ?? this.#requestTime,
      headTime: this.#time,
    }
    return new ReceivedResponse(head, facts, { sizes: this.#responseReader(), body, isCoded, call: this })
  }
}
