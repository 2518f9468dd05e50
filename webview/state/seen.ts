/** What the filter's completions offer of the session. Asks the engine when the user starts to write such a term. */

/** Milliseconds for which an answer is recent enough. */
const RECENT = 3000

export class SeenStore<T> {
  readonly #ask: () => Promise<T>
  #isAsking = false
  #toldAt = Number.NEGATIVE_INFINITY
  /** The last answer. */
  current: T

  constructor(nothing: T, ask: () => Promise<T>) {
    this.current = nothing
    this.#ask = ask
  }

  /** Asks again if the last answer is too old. Calls `changed` once there is an answer. */
  refresh(changed: () => void): void {
    if (this.#isAsking || performance.now() - this.#toldAt < RECENT) return
    this.#isAsking = true
    // If the call fails, there are no completions, and the next key asks again.
    this.#ask()
      .then(
        (seen) => {
          this.current = seen
          this.#toldAt = performance.now()
          changed()
        },
        () => {},
      )
      .finally(() => {
        this.#isAsking = false
      })
  }
}
