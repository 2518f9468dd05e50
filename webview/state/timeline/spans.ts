/** Time spans in a lane: the states of a connection and the cycles of a poll. */
import { lowerBound } from '../../../src/shared/numbers.ts'

export type StateName = 'connecting' | 'open' | 'waiting' | 'closed' | 'failed'

/** A state from `start` to the start of the next one. `event` has the details, such as the delay and reason of a wait. */
export interface StateSpan {
  readonly state: StateName
  readonly start: number
  readonly end: number
  readonly event: number
  /** The event that says what was lost during the wait, if the protocol says so. */
  readonly gap: number | undefined
}

/** A cycle of a poll, from request to response. `end` is undefined while the request is held. */
export interface Cycle {
  readonly start: number
  readonly end: number | undefined
  readonly outcome: Outcome
  /** Payload bytes of the response. */
  readonly bytes: number
  /** HTTP status, 0 if there was no response. */
  readonly status: number
  readonly event: number
  /** The first message of the response. */
  readonly data: number | undefined
}

export type Outcome = 'held' | 'data' | 'empty' | 'error'

/** A state whose end is the start of the next one. */
type OwnSpan = Mutable<Omit<StateSpan, 'end'>>

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export class States {
  readonly #spans: OwnSpan[] = []
  #lastWait: OwnSpan | undefined

  enter(state: StateName, start: number, event: number): void {
    const last = this.#spans.at(-1)
    if (last?.state === state) return
    const span: OwnSpan = { state, start, event, gap: undefined }
    this.#spans.push(span)
    if (state === 'waiting') this.#lastWait = span
  }

  /** Notes that events were lost or repeated in the last wait. */
  lost(event: number): void {
    if (this.#lastWait !== undefined) this.#lastWait.gap ??= event
  }

  get current(): StateName | undefined {
    return this.#spans.at(-1)?.state
  }

  /** The state at a time. Undefined before the first state and after `now`. */
  at(time: number, now: number): StateSpan | undefined {
    const index = lowerBound(0, this.#spans.length, (i) => (this.#spans[i]?.start ?? 0) > time) - 1
    const span = this.#spans[index]
    if (span === undefined) return undefined
    const end = this.#spans[index + 1]?.start ?? Math.max(now, span.start)
    return time > end ? undefined : { ...span, end }
  }

  /** When the connection that lives at a time ends, or `now` if it does not. */
  endAfter(time: number, now: number): number {
    let index = Math.max(0, lowerBound(0, this.#spans.length, (i) => (this.#spans[i]?.start ?? 0) > time) - 1)
    for (; index < this.#spans.length; index++) {
      const { state, start } = this.#spans[index] ?? { state: 'open', start: 0 }
      if (state !== 'connecting' && state !== 'open' && start >= time) return start
    }
    return now
  }

  /** Visits the waits in order. Skips those that end before the time that the visitor returns. */
  eachWait(now: number, visit: (start: number, end: number) => number): void {
    const spans = this.#spans
    for (let i = 0; i < spans.length; ) {
      const { state, start } = spans[i] ?? { state: 'closed', start: 0 }
      i++
      if (state !== 'waiting') continue
      const next = visit(start, spans[i]?.start ?? Math.max(now, start))
      i = Math.max(i, lowerBound(0, spans.length, (at) => (spans[at]?.start ?? 0) > next) - 1)
    }
  }

  /** The states that overlap [from, to). The last state lasts until `now`. */
  between(from: number, to: number, now: number): StateSpan[] {
    const spans = this.#spans
    const found: StateSpan[] = []
    const first = Math.max(0, lowerBound(0, spans.length, (i) => (spans[i]?.start ?? 0) > from) - 1)
    for (let i = first; i < spans.length; i++) {
      const span = spans[i]
      if (span === undefined || span.start >= to) break
      const end = spans[i + 1]?.start ?? Math.max(now, span.start)
      if (end > from) found.push({ ...span, end })
    }
    return found
  }
}

/** How many of the last cycles count for the median duration. */
const RECENT = 50

export class Cycles {
  #cycles: Mutable<Cycle>[] = []

  get length(): number {
    return this.#cycles.length
  }

  request(time: number, event: number): void {
    this.#cycles.push({
      start: time,
      end: undefined,
      outcome: 'held',
      bytes: 0,
      status: 0,
      event,
      data: undefined,
    })
  }

  /** Ends the current cycle and returns its outcome. */
  response(time: number, status: number, empty: boolean, event: number): Outcome | undefined {
    const cycle = this.#cycles.at(-1)
    if (cycle === undefined || cycle.end !== undefined) return undefined
    cycle.end = time
    cycle.status = status
    cycle.outcome = empty ? 'empty' : status >= 400 ? 'error' : 'data'
    cycle.event = event
    return cycle.outcome
  }

  body(size: number, event: number): void {
    const cycle = this.#cycles.at(-1)
    if (cycle === undefined) return
    cycle.bytes += size
    cycle.data ??= event
  }

  /** Drops the cycles that ended before a time. */
  forget(before: number): void {
    const kept = lowerBound(0, this.#cycles.length, (i) => (this.#cycles[i]?.end ?? before) >= before)
    if (kept > 0) this.#cycles = this.#cycles.slice(kept)
  }

  /** Ends the current cycle as failed. */
  fail(time: number, event: number): void {
    const cycle = this.#cycles.at(-1)
    if (cycle === undefined || cycle.end !== undefined) return
    cycle.end = time
    cycle.outcome = 'error'
    cycle.event = event
  }

  /** Median time in milliseconds from request to response in the last cycles. Undefined before the first response. */
  get hold(): number | undefined {
    const last = this.#cycles
      .slice(-RECENT)
      .flatMap(({ start, end }) => (end === undefined ? [] : [end - start]))
    return last.sort((a, b) => a - b)[last.length >> 1]
  }

  /** How many cycles start in [from, to). */
  countIn(from: number, to: number): number {
    const before = (time: number) =>
      lowerBound(0, this.#cycles.length, (i) => (this.#cycles[i]?.start ?? 0) >= time)
    return before(to) - before(from)
  }

  /** The cycles that overlap [from, to), in order. The cycles of a connection do not overlap each other. */
  between(from: number, to: number, now: number): Cycle[] {
    const cycles = this.#cycles
    const found: Cycle[] = []
    const first = Math.max(0, lowerBound(0, cycles.length, (i) => (cycles[i]?.start ?? 0) > from) - 1)
    for (let i = first; i < cycles.length; i++) {
      const cycle = cycles[i]
      if (cycle === undefined || cycle.start >= to) break
      if ((cycle.end ?? now) >= from) found.push(cycle)
    }
    return found
  }
}
