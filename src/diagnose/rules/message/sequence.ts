/**
 * Follows the values of a counter: which ones never came, came again, or came late. Every value between the first and the
 * highest was seen, unless it is in a hole.
 */

import type { Ending } from '../../observed-connection.ts'

/** Holes that are known one by one; the values of older ones stay missing. */
const MAX_HOLES = 100
/** Steps that are kept for a finding. */
const MAX_STEPS = 100

/** What happened at a value that is not the next one. Times are session times in ms, event numbers count from 1. */
export interface OddStep {
  readonly before: Seen
  readonly after: Seen
  /** Whether the connection was opened again in between. */
  readonly isOverReconnect: boolean
  /** The attempt in which the value after it came. */
  readonly attempt: Attempt
}

/** An attempt that opened, and how the one before ended. */
export interface Attempt {
  readonly openedAt: number
  readonly ending: Ending | undefined
}

export interface Seen {
  readonly value: number
  readonly time: number
  readonly number: number
}

/** A step over which values are missing, and how many are. */
export interface Gap {
  readonly step: OddStep
  readonly missing: number
}

interface Hole {
  from: number
  to: number
  readonly step: OddStep
}

export class Sequence {
  /** Steps that were looked at, and those of +1. */
  steps = 0
  ones = 0
  /** Values that came again, and those that came late, with their steps. */
  repeated = 0
  late = 0
  readonly repeats: OddStep[] = []
  readonly lates: OddStep[] = []
  #holes: Hole[] = []
  /** Gaps from before the counter started over, the first ones: their values can no longer come. */
  readonly #past: Gap[] = []
  /** Missing values of holes that are no longer known one by one. */
  #missing = 0
  /** The highest value in them. */
  #forgotten = Number.NEGATIVE_INFINITY
  #first = 0
  #highest = 0
  #last: Seen | undefined
  #attempt: Attempt | undefined

  /** Takes the next value. All of one attempt come with the same object. */
  add(seen: Seen, attempt: Attempt): void {
    const before = this.#last
    const isOverReconnect = attempt !== this.#attempt
    this.#last = seen
    this.#attempt = attempt
    if (before === undefined) {
      this.#start(seen.value)
      return
    }
    this.steps++
    if (seen.value === before.value + 1) this.ones++
    if (seen.value === this.#highest + 1) this.#highest++
    else this.#step({ before, after: seen, isOverReconnect, attempt })
  }

  /** Values may have been left out: the next one does not follow the last one. */
  restart(): void {
    this.#last = undefined
  }

  /** In order of time. */
  get gaps(): readonly Gap[] {
    return [...this.#past, ...this.#openGaps]
  }

  get #openGaps(): readonly Gap[] {
    const gaps = new Map<OddStep, number>()
    for (const { from, to, step } of this.#holes) gaps.set(step, (gaps.get(step) ?? 0) + to - from + 1)
    return [...gaps].map(([step, missing]) => ({ step, missing }))
  }

  get missing(): number {
    return this.#holes.reduce((sum, { from, to }) => sum + to - from + 1, this.#missing)
  }

  #start(value: number): void {
    for (const gap of this.#openGaps) {
      this.#missing += gap.missing
      if (this.#past.length < MAX_HOLES) this.#past.push(gap)
    }
    this.#holes = []
    this.#forgotten = Number.NEGATIVE_INFINITY
    this.#first = value
    this.#highest = value
  }

  #step(step: OddStep): void {
    const { value } = step.after
    if (value > this.#highest) {
      this.#open(this.#highest + 1, value - 1, step)
      this.#highest = value
    } else if (this.#fill(value)) {
      this.late++
      if (this.lates.length < MAX_STEPS) this.lates.push(step)
      // A counter starts over at 0 or 1, or where it began.
    } else if (value !== step.before.value && (value <= 1 || value <= this.#first)) this.#start(value)
    else if (value > this.#forgotten) {
      this.repeated++
      if (this.repeats.length < MAX_STEPS) this.repeats.push(step)
    }
  }

  #open(from: number, to: number, step: OddStep): void {
    this.#keep([...this.#holes, { from, to, step }])
  }

  /** Keeps the latest holes. */
  #keep(holes: readonly Hole[]): void {
    for (const { from, to } of holes.slice(0, -MAX_HOLES)) {
      this.#missing += to - from + 1
      this.#forgotten = Math.max(this.#forgotten, to)
    }
    this.#holes = holes.slice(-MAX_HOLES)
  }

  /** Takes a value out of the hole that it is in. Returns false if it is in none. */
  #fill(value: number): boolean {
    const at = this.#holes.findIndex(({ from, to }) => from <= value && value <= to)
    const hole = this.#holes[at]
    if (hole === undefined) return false
    const { from, to, step } = hole
    const parts = [
      { from, to: value - 1, step },
      { from: value + 1, to, step },
    ].filter((part) => part.from <= part.to)
    this.#keep(this.#holes.flatMap((each) => (each === hole ? parts : each)))
    return true
  }
}
