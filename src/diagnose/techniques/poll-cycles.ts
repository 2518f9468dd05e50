/** The cycles of a poll: how many brought something new, and for how long requests waited. */
import type { DrawnCycle } from '../../shared/techniques.ts'

/** The latest cycles that are kept to be drawn. */
const MAX_KEPT = 256

export class PollCycles {
  requests = 0
  responses = 0
  empty = 0
  /** Milliseconds for which requests waited for their response. */
  waited = 0
  /** Session times in ms: of the first request, of the latest one, and of the one that waits. */
  #firstRequest = 0
  #lastRequest = 0
  #waitsSince: number | undefined
  #latest: { from: number; to?: number; empty: boolean }[] = []

  request(time: number): void {
    if (this.requests++ === 0) this.#firstRequest = time
    this.#lastRequest = time
    this.#waitsSince = time
    this.#latest.push({ from: time, empty: true })
    if (this.#latest.length > 2 * MAX_KEPT) this.#latest = this.#latest.slice(-MAX_KEPT)
  }

  /** A response that is not `empty` may still bring nothing new: see `broughtNothing`. */
  response(time: number, empty: boolean): void {
    this.responses++
    if (empty) this.empty++
    if (this.#waitsSince !== undefined) this.waited += time - this.#waitsSince
    this.#waitsSince = undefined
    const latest = this.#latest.at(-1)
    if (latest === undefined || latest.to !== undefined) return
    latest.to = time
    latest.empty = empty
  }

  /** The body of the latest response had no event that had not come before. */
  broughtNothing(): void {
    const latest = this.#latest.at(-1)
    // It is counted already.
    if (latest?.empty === true) return
    this.empty++
    if (latest !== undefined) latest.empty = true
  }

  /** Average milliseconds from request to request. Undefined for fewer than two. */
  get interval(): number | undefined {
    return this.requests < 2 ? undefined : (this.#lastRequest - this.#firstRequest) / (this.requests - 1)
  }

  /** Those that end after session time `from`. */
  since(from: number): DrawnCycle[] {
    return this.#latest.filter(({ to }) => to === undefined || to >= from).slice(-MAX_KEPT)
  }
}
