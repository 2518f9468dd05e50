/**
 * Runs the rules over the events of a session, in slices behind the capture. Events that no rule takes cost a read of
 * their column.
 */
import { Diagnosis } from '../diagnose/diagnosis.ts'
import type { Figures, Rule } from '../diagnose/rule.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import type { ColumnSource } from '../shared/event-columns.ts'
import type { Finding } from '../shared/finding.ts'

export interface DiagnosedSource extends ColumnSource {
  /** The event; its payload may be valid only until the next append. */
  peek(index: number): RealtimeEvent
}

/** Milliseconds from an event until its slice: findings are shown in the status, which is not sent more often. */
const DELAY = 100
/** Milliseconds that a slice may hold the thread. */
const SLICE = 4
/** Events whose columns are read in one step, and events given to rules between two checks of the clock. */
const STEP = 16_384
const GIVEN = 64

export class DiagnosisRunner {
  readonly #source: DiagnosedSource
  readonly #onProgress: () => void
  readonly #rules: readonly Rule[] | undefined
  #diagnosis: Diagnosis
  readonly #takenKinds: Uint8Array | undefined
  /** Number of the first event that the rules have not seen. */
  #reached = 0
  #delay: NodeJS.Timeout | undefined
  #next: NodeJS.Immediate | undefined

  /** `onProgress` is called after a slice that gave events to rules. */
  constructor(source: DiagnosedSource, onProgress: () => void, rules?: readonly Rule[]) {
    this.#source = source
    this.#onProgress = onProgress
    this.#rules = rules
    this.#diagnosis = new Diagnosis(rules)
    this.#takenKinds = this.#diagnosis.takenKinds()
  }

  /** Call when events were appended. */
  poke(): void {
    if (this.#takenKinds === undefined || this.#next !== undefined) return
    this.#delay ??= setTimeout(() => this.#slice(), DELAY)
  }

  /** The source no longer has the events from number `count` on. */
  rewind(count: number): void {
    if (count < this.#reached) this.clear()
    this.poke()
  }

  /** Stops, and forgets what was found. After `poke`, starts with the oldest event. */
  clear(): void {
    clearTimeout(this.#delay)
    clearImmediate(this.#next)
    this.#delay = undefined
    this.#next = undefined
    this.#reached = 0
    this.#diagnosis = new Diagnosis(this.#rules)
  }

  /** What was found so far. */
  findings(figures: Figures): Finding[] {
    return this.#diagnosis.findings(figures)
  }

  #slice(): void {
    this.#delay = undefined
    this.#next = undefined
    const until = performance.now() + SLICE
    let given = 0
    do given += this.#step(until)
    while (this.#reached < this.#source.count && performance.now() < until)
    if (this.#reached < this.#source.count) this.#next = setImmediate(() => this.#slice())
    if (given > 0) this.#onProgress()
  }

  /** Looks at the next events until the time is over. Returns how many it gave to rules. */
  #step(until: number): number {
    const { first, count, kind } = this.#source.columns(this.#reached, STEP)
    let given = 0
    for (let at = 0; at < count; at++) {
      if (this.#takenKinds?.[kind[at] ?? 0] !== 1) continue
      this.#give(first + at)
      this.#reached = first + at + 1
      if (++given % GIVEN === 0 && performance.now() >= until) return given
    }
    this.#reached = first + count
    return given
  }

  #give(index: number): void {
    try {
      this.#diagnosis.add(this.#source.peek(index), index)
    } catch {
      // The event cannot be read, so it is no evidence.
    }
  }
}
