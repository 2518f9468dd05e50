/** The figures of polls: requests, responses without news, and how long requests were held. */
import type { ResponseEvent } from '../../shared/event.ts'
import type { PollReport } from '../../shared/report.ts'
import { Sample } from './distributions.ts'

export class PollFigures {
  #requests = 0
  #responses = 0
  #empty = 0
  readonly #held = new Sample()

  request(): void {
    this.#requests++
  }

  response({ held, empty }: ResponseEvent): void {
    this.#responses++
    if (empty) this.#empty++
    if (held !== undefined) this.#held.add(held)
  }

  /** Undefined if the connection did not poll. */
  report(): PollReport | undefined {
    if (this.#requests === 0 && this.#responses === 0) return undefined
    return {
      requests: this.#requests,
      responses: this.#responses,
      empty: this.#empty,
      emptyShare: this.#responses === 0 ? 0 : this.#empty / this.#responses,
      held: this.#held.percentiles() ?? null,
    }
  }
}
