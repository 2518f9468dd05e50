/** Distinguishes a decompression bomb from a body that is merely well compressed. */
import { decompressionBomb } from './failures.ts'

/** Decoded bytes per coded byte that are always allowed. The codings reach a thousand and more. */
const RATIO = 500
/** Milliseconds after which the whole limit is available again, for slow streams that repeat themselves. */
const RECOVERY = 10_000

/** Allows `RATIO` decoded bytes for each coded byte, and `limit` bytes more, which become available again over time. */
export class ExpansionLimit {
  readonly #limit: number
  #allowance: number
  #time: number | undefined

  constructor(limit: number) {
    this.#limit = limit
    this.#allowance = limit
  }

  /** `size` coded bytes, which arrived at `time`, are decoded next. */
  taken(size: number, time: number): void {
    const elapsed = time - (this.#time ?? time)
    this.#time = time
    const kept = Math.min(this.#limit, this.#allowance + (elapsed * this.#limit) / RECOVERY)
    this.#allowance = kept + size * RATIO
  }

  /** `size` bytes were decoded. Throws a `Failure` `TOO_LARGE` if they exceed the limit. */
  decoded(size: number): void {
    this.#allowance -= size
    if (this.#allowance < 0) throw decompressionBomb(this.#limit)
  }
}
