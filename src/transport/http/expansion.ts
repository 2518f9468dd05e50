/** Tells a decompression bomb from a body that is merely well compressed. */
import { Failure } from '../../shared/failure.ts'

/** Bytes that one coded byte may become for any length of time; the codings reach a thousand and more. */
const RATIO = 500
/** Milliseconds in which the limit is there anew, for streams that repeat themselves slowly. */
const RECOVERY = 10_000

/** What a body may still unpack to: what arrived times the ratio, and `limit` bytes more, which time brings back. */
export class Expansion {
  readonly #limit: number
  #allowance: number
  #time: number | undefined

  constructor(limit: number) {
    this.#limit = limit
    this.#allowance = limit
  }

  /** Coded bytes that arrived at `time` are about to be decoded. */
  taken(size: number, time: number): void {
    const elapsed = time - (this.#time ?? time)
    this.#time = time
    const kept = Math.min(this.#limit, this.#allowance + (elapsed * this.#limit) / RECOVERY)
    this.#allowance = kept + size * RATIO
  }

  /** Decoded bytes came of them. Throws a `Failure` `TOO_LARGE`. */
  decoded(size: number): void {
    this.#allowance -= size
    if (this.#allowance >= 0) return
    throw new Failure(
      'TOO_LARGE',
      `The body unpacks to more than ${this.#limit} bytes out of next to nothing, as a decompression bomb does, so it was given up; raise the maximum message size if it is meant to.`,
    )
  }
}
