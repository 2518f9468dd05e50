/** Runs the rules over a session, event by event, in one pass. */
import type { DecodedEvent } from '../shared/decoded.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import type { Finding } from '../shared/finding.ts'
import type { Figures, Rule, RuleRun } from './rule.ts'
import { RULES } from './rules.ts'

export class Diagnosis {
  #runs: RuleRun[]
  /** Those that take events. */
  #watching: RuleRun[]

  constructor(rules: readonly Rule[] = RULES) {
    this.#runs = rules.map((rule) => rule.start())
    this.#watching = this.#runs.filter(({ add }) => add !== undefined)
  }

  /** Takes the next event, counted from 0. A rule that throws is left out from then on. */
  add(event: RealtimeEvent, number: number, decoded: readonly DecodedEvent[] = []): void {
    for (const run of this.#watching) {
      try {
        run.add?.(event, number, decoded)
      } catch {
        this.#leaveOut(run)
      }
    }
  }

  /** What the rules have found so far, in the order of the table. */
  findings(figures: Figures): Finding[] {
    return this.#runs.flatMap((run) => {
      try {
        return run.findings(figures)
      } catch {
        this.#leaveOut(run)
        return []
      }
    })
  }

  #leaveOut(run: RuleRun): void {
    this.#runs = this.#runs.filter((each) => each !== run)
    this.#watching = this.#watching.filter((each) => each !== run)
  }
}
