/** The paths of JSON payloads that are offered under the filter, asked of the engine once one is being written. */
import type { SeenPath } from '../../src/shared/protocol/filtering.ts'

/** Milliseconds for which what was told is recent enough. */
const RECENT = 3000

export class SeenPathStore {
  readonly #ask: () => Promise<readonly SeenPath[]>
  #isAsking = false
  #toldAt = Number.NEGATIVE_INFINITY
  /** As last told. */
  current: readonly SeenPath[] = []

  constructor(ask: () => Promise<readonly SeenPath[]>) {
    this.#ask = ask
  }

  /** Asks anew where that is worth while; `changed` is called once there is an answer. */
  refresh(changed: () => void): void {
    if (this.#isAsking || performance.now() - this.#toldAt < RECENT) return
    this.#isAsking = true
    // Without an answer nothing is offered, and the next key asks again.
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
