/** Reads the beginning of a body to find out whether it ends soon or keeps flowing. */
import { Failure } from '../../shared/failure.ts'
import type { BodyEnd, BodySink, HttpResponse } from '../http/exchange.ts'
import type { TimedBody } from '../http/timed-body.ts'
import { responseTooLarge } from './failures.ts'

interface Arrival {
  readonly bytes: Uint8Array
  readonly time: number
}

/** Whether a body may be a stream: `before` is its beginning, and `next` arrived a while later. */
type StreamTest = (before: Uint8Array, next: Uint8Array) => boolean

/** Milliseconds after its first bytes within which the network would deliver the rest of a small body. */
const APART = 100
/**
 * Bytes that are sent without waiting for the network (RFC 6928 section 2); after them, a delay may be the network's.
 */
const INITIAL_WINDOW = 14_600

export class BodyProbe {
  readonly #response: HttpResponse
  readonly #body: TimedBody
  readonly #limit: number
  #arrivals: Arrival[] = []
  #size = 0
  #sink: BodySink | undefined
  readonly #end: Promise<BodyEnd>
  #mayStream: StreamTest = () => false
  #onApart: () => void = () => {}
  /** Resolves when bytes arrive that the server held back. */
  readonly #apart: Promise<undefined>

  /** Starts to read the body of the response. Keeps at most `limit` bytes of it. */
  constructor(response: HttpResponse, body: TimedBody, limit: number) {
    this.#response = response
    this.#body = body
    this.#limit = limit
    this.#apart = new Promise((resolve) => {
      this.#onApart = () => resolve(undefined)
    })
    this.#end = body.read({ data: (bytes, time) => this.#take(bytes, time) })
  }

  /**
   * Resolves with the body's end if that comes within `wait` milliseconds, or whenever it comes if `wait` is undefined.
   * Resolves with undefined after `wait`, or as soon as bytes arrive that the server, not the network, held back, if
   * `mayStream` accepts them.
   */
  async endWithin(wait: number | undefined, mayStream: StreamTest): Promise<BodyEnd | undefined> {
    this.#mayStream = mayStream
    if (wait === undefined) return await Promise.race([this.#end, this.#apart])
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), wait)
    })
    const end = await Promise.race([this.#end, timeout, this.#apart])
    clearTimeout(timer)
    return end
  }

  /** Everything that has arrived so far. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#arrivals.map(({ bytes }) => bytes))
  }

  /** Reads the body from its start: what has arrived, with its original times, and everything that follows. */
  async read(sink: BodySink): Promise<BodyEnd> {
    this.#body.allowSilence()
    try {
      for (const { bytes, time } of this.#arrivals) sink.data(bytes, time)
    } catch (thrown) {
      this.#response.abort()
      if (!(thrown instanceof Failure)) throw thrown
      const time = this.#arrivals.at(-1)?.time ?? 0
      return { complete: false, time, failure: thrown }
    } finally {
      this.#arrivals = []
    }
    this.#sink = sink
    return await this.#end
  }

  #take(bytes: Uint8Array, time: number): void {
    if (this.#sink !== undefined) {
      this.#sink.data(bytes, time)
      return
    }
    const [first] = this.#arrivals
    const isApart = first !== undefined && time - first.time >= APART && this.#size < INITIAL_WINDOW
    if (isApart && this.#mayStream(this.bytes(), bytes)) this.#onApart()
    this.#size += bytes.length
    if (this.#size > this.#limit) throw responseTooLarge(this.#limit)
    this.#arrivals.push({ bytes: bytes.slice(), time })
  }
}
