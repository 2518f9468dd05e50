/** Reads the beginning of a body to find out whether it ends soon or keeps flowing. */
import { Failure } from '../../shared/failure.ts'
import { type BodyEnd, type BodySink, type HttpResponse, readBody } from '../http/exchange.ts'
import type { TimedBody } from '../http/timed-body.ts'
import { responseTooLarge } from './failures.ts'
import type { LateRecords } from './late-records.ts'

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
/** Bytes that are looked at in a body that is not kept completely. */
const MAX_LOOKED_AT = 8 * 1024 * 1024

export class BodyProbe {
  readonly #response: HttpResponse
  readonly #body: TimedBody
  readonly #limit: number
  readonly #late: LateRecords | undefined
  #arrivals: Arrival[] = []
  #size = 0
  #skipped = 0
  #sink: BodySink | undefined
  readonly #end: Promise<BodyEnd>
  #mayStream: StreamTest = () => false
  #onApart: () => void = () => {}
  /** Resolves when bytes arrive that the server held back. */
  readonly #apart: Promise<undefined>

  /**
   * Starts to read the body of the response. Keeps at most `limit` bytes of it. With `late`, records that follow a large beginning
   * show a stream as well. Then a body with more bytes does not fail: what is before these records is dropped.
   */
  constructor(response: HttpResponse, body: TimedBody, limit: number, late?: LateRecords) {
    this.#response = response
    this.#body = body
    this.#limit = limit
    this.#late = late
    this.#apart = new Promise((resolve) => {
      this.#onApart = () => resolve(undefined)
    })
    this.#end = readBody(body, { data: (bytes, time) => this.#take(bytes, time) })
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

  /** Bytes at the start of the body that were not kept. */
  get skipped(): number {
    return this.#skipped
  }

  /** Everything that has arrived so far and was kept. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#arrivals.map(({ bytes }) => bytes))
  }

  /** Reads the body from its start, or from the first record that was kept: what has arrived, with its original times, and everything that follows. */
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
    this.#arrivals.push({ bytes: bytes.slice(), time })
    const isLate = this.#late?.isStream === true
    if (!isLate) this.#late?.push(bytes, time)
    if (!isLate && this.#size > this.#limit) this.#drop()
    if (!isLate && this.#late?.isStream) this.#onApart()
  }

  /** Drops what is before the latest records. */
  #drop(): void {
    if (this.#late === undefined || this.#size > MAX_LOOKED_AT) throw responseTooLarge(this.#limit)
    const first = this.#arrivals.length - this.#late.count
    for (const { bytes } of this.#arrivals.splice(0, first)) this.#skipped += bytes.length
  }
}
