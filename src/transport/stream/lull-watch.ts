/**
 * Detects lulls: a record has begun, and nothing arrives for a while that would complete it. Also knows when each byte
 * of that record arrived.
 */
import type { RecordParser } from '../../parse/record.ts'

/** Milliseconds after which an incomplete record is delivered as far as possible. */
const LULL = 100
/** Arrivals that are remembered for one record. */
const MAX_ARRIVALS = 1024

interface Arrival {
  /** Position in the stream at which its bytes end. */
  readonly end: number
  readonly time: number
}

export class LullWatch {
  readonly #parser: RecordParser
  readonly #onLull: () => void
  #timer: NodeJS.Timeout | undefined
  /** Position of the pending record. */
  #pending: number | undefined
  /** `onLull` was called for the pending record. */
  #isReported = false
  /** Arrivals since the pending record began; the last one is the latest of the stream. */
  #arrivals: Arrival[] = []
  #length = 0

  /** `onLull` is called if the parser's pending record stays incomplete for a while. */
  constructor(parser: RecordParser, onLull: () => void) {
    this.#parser = parser
    this.#onLull = onLull
  }

  /** Bytes of the stream have arrived. Call it before they are parsed; `time` may be in the past. */
  arrived(bytes: Uint8Array, time: number): void {
    const last = this.#arrivals.at(-1)?.time ?? time
    if (this.#pending !== undefined && !this.#isReported && time - last >= LULL) this.#report()
    this.#length += bytes.length
    if (this.#pending === undefined || this.#arrivals.length === MAX_ARRIVALS) this.#arrivals = []
    this.#arrivals.push({ end: this.#length, time })
  }

  /** When the last byte of a record that ends at that position arrived. */
  timeOf(end: number): number | undefined {
    const arrivals = this.#arrivals
    return arrivals.length === 1 ? arrivals[0]?.time : arrivals.find((arrival) => arrival.end >= end)?.time
  }

  /** The parser has delivered what it could. */
  settle(): void {
    const { pending } = this.#parser
    if (pending === this.#pending) return
    this.#pending = pending
    this.#isReported = false
    clearTimeout(this.#timer)
    if (pending === undefined) return
    this.#arrivals = this.#arrivals.filter(({ end }) => end > pending)
    this.#timer = setTimeout(() => this.#report(), LULL)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #report(): void {
    this.#isReported = true
    this.#onLull()
  }
}
