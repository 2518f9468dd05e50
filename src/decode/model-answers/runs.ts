/** The parts of an answer in the order in which they came: reasoning, text, a tool call, text again. */
import type { AnswerRun } from '../../shared/exchange.ts'
import type { AnswerPartName } from '../../shared/model-answer.ts'

/** Runs that are kept, the first ones. */
const MAX_RUNS = 500

export class Runs {
  readonly #runs: AnswerRun[] = []

  list(): readonly AnswerRun[] {
    return this.#runs
  }

  add(part: AnswerPartName, time: number): void {
    const last = this.#runs.at(-1)
    if (last?.part === part) this.#runs[this.#runs.length - 1] = { ...last, to: time }
    else if (this.#runs.length < MAX_RUNS) this.#runs.push({ part, from: time, to: time })
  }
}
