/** Runs the rules over a session, event by event, in one pass. */

import type { DecodedEvent } from '../shared/decoded.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { typeOf } from '../shared/event-columns.ts'
import { EVENT_TYPES, type EventType } from '../shared/event-types.ts'
import type { Finding } from '../shared/finding.ts'
import type { Figures, Rule, RuleRun } from './rule.ts'
import { RULES } from './rules.ts'

export class Diagnosis {
  #runs: RuleRun[] = []
  /** The runs that take events of a type. */
  readonly #takers = new Map<EventType, RuleRun[]>()

  constructor(rules: readonly Rule[] = RULES) {
    for (const { takes = [], start } of rules) {
      const run = start()
      this.#runs.push(run)
      for (const type of takes === 'all' ? EVENT_TYPES : takes)
        this.#takers.set(type, [...(this.#takers.get(type) ?? []), run])
    }
  }

  /** By packed kind (see `packKind`): 1 if a rule takes such events. Undefined if no rule takes events. */
  takenKinds(): Uint8Array | undefined {
    if (this.#takers.size === 0) return undefined
    return Uint8Array.from({ length: 256 }, (_, kind) => Number(this.#takers.has(typeOf(kind))))
  }

  /** Takes the next event, counted from 0. A rule that throws is not run again. */
  add(event: RealtimeEvent, number: number, decoded: readonly DecodedEvent[] = []): void {
    for (const run of this.#takers.get(event.type) ?? []) {
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
    const others = (each: RuleRun) => each !== run
    this.#runs = this.#runs.filter(others)
    for (const [type, takers] of this.#takers) this.#takers.set(type, takers.filter(others))
  }
}
