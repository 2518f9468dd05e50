const SECOND = 1000
const FRACTIONS = Array.from({ length: SECOND }, (_, n) => `${String(n).padStart(3, '0')}Z`)

/** ISO 8601 for a session time in milliseconds. Undefined if it is outside the range of `Date`. */
export function timestamp(startedAt: Date, time: number): string | undefined {
  const at = new Date(startedAt.getTime() + Math.floor(time))
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** As `timestamp`, for many times of one session that are close to each other. */
export class Timestamps {
  readonly #startedAt: Date
  readonly #start: number
  #second = Number.NaN
  /** The text of the second, up to and including the dot. */
  #prefix = ''

  constructor(startedAt: Date) {
    this.#startedAt = startedAt
    this.#start = startedAt.getTime()
  }

  at(time: number): string | undefined {
    const ms = this.#start + Math.floor(time)
    const second = Math.floor(ms / SECOND)
    if (second !== this.#second) {
      const text = timestamp(this.#startedAt, time)
      if (text === undefined) return undefined
      this.#second = second
      this.#prefix = text.slice(0, -'000Z'.length)
    }
    return this.#prefix + FRACTIONS[ms - second * SECOND]
  }
}
