/** Notices that a record has begun which nothing finishes, and when the bytes of it arrived. */
import type { RecordParser } from '../../parse/record.ts'

/** Milliseconds after which a record that is not finished is delivered as far as it can be. */
const LULL = 100
/** Arrivals remembered of one record. */
const MAX_ARRIVALS = 1024

interface Arrival {
  /** Where in the stream its bytes end. */
  readonly end: number
  readonly time: number
}

export class LullWatch {
  readonly #parser: RecordParser
  readonly #onLull: () => void
  #timer: NodeJS.Timeout | undefined
  /** Where the record begins that is waited for. */
  #pending: number | undefined
  /** The lull of that record has been told. */
  #isAlreadyEmitted = false
  /** Since that record began; the last one is the latest of the stream. */
  #arrivals: Arrival[] = []
  #length = 0

  /** `onLull` is called when the parser's pending record has not been finished for a while. */
  constructor(parser: RecordParser, onLull: () => void) {
    this.#parser = parser
    this.#onLull = onLull
  }

  /** Bytes of the stream have arrived, and go to the parser next; those that were kept may come all at once. */
  arrived(bytes: Uint8Array, time: number): void {
    const last = this.#arrivals.at(-1)?.time ?? time
    if (this.#pending !== undefined && !this.#isAlreadyEmitted && time - last >= LULL) this.#tell()
    this.#length += bytes.length
    if (this.#pending === undefined || this.#arrivals.length === MAX_ARRIVALS) this.#arrivals = []
    this.#arrivals.push({ end: this.#length, time })
  }

  /** When the last byte of a record that ends at that place arrived. */
  timeOf(end: number): number | undefined {
    const arrivals = this.#arrivals
    return arrivals.length === 1 ? arrivals[0]?.time : arrivals.find((arrival) => arrival.end >= end)?.time
  }

  /** The parser has delivered what it could. */
  settle(): void {
    const { pending } = this.#parser
    if (pending === this.#pending) return
    this.#pending = pending
    this.#isAlreadyEmitted = false
    clearTimeout(this.#timer)
    if (pending === undefined) return
    this.#arrivals = this.#arrivals.filter(({ end }) => end > pending)
    this.#timer = setTimeout(() => this.#tell(), LULL)
  }

  #tell(): void {
    this.#isAlreadyEmitted = true
    this.#onLull()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
