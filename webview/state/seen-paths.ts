/** The JSON paths that the filter's completions offer. Asks the engine when the user starts to write a path. */
import type { SeenPath } from '../../src/shared/protocol/filtering.ts'

/** Milliseconds for which an answer is recent enough. */
const RECENT = 3000

export class SeenPathStore {
  readonly #ask: () => Promise<readonly SeenPath[]>
  #isAsking = false
  #toldAt = Number.NEGATIVE_INFINITY
  /** The last answer. */
  current: readonly SeenPath[] = []

  constructor(ask: () => Promise<readonly SeenPath[]>) {
    this.#ask = ask
  }

  /** Asks again if the last answer is too old. Calls `changed` once there is an answer. */
  refresh(changed: () => void): void {
    if (this.#isAsking || performance.now() - this.#toldAt < RECENT) return
    this.#isAsking = true
    // If the call fails, there are no completions, and the next key asks again.
    this.#ask()
      .then(
        (paths) => {
          this.current = paths
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
