/** All the page knows of the session: what the host has sent, and which of it is shown. */
import { signal } from '@preact/signals'
import type { TimeRange } from '../../src/shared/protocol/filtering.ts'
import type { Delta } from '../../src/shared/protocol.ts'
import type { SessionStatus } from '../../src/shared/status.ts'
import { isLive } from '../format/connection.ts'
import { COUNTDOWN } from '../format/time.ts'
import { ColumnStore } from './events/column-store.ts'
import { AllRows, MatchingRows, type Rows } from './events/rows.ts'
import type { FilterResult } from './filter.ts'
import { compileScope, type Scope, WHOLE_SESSION } from './scope.ts'

/** Events a filter looks at in one frame: a few milliseconds. */
const SCAN_BUDGET = 400_000

/** Events that the page lacks when it is said to catch up, and when it has. */
const FAR_BEHIND = 50_000
const CAUGHT_UP = 5000

/** Runs a callback before the next paint. */
export type Schedule = (callback: () => void) => void

export class SessionStore {
  readonly columns = new ColumnStore()
  /** Event names by index; 0 is the empty one. */
  eventNames: string[] = []
  readonly status = signal<SessionStatus | undefined>(undefined)
  readonly scope = signal<Scope>(WHOLE_SESSION)
  /** Changes once a frame while rows do; what paints rows reads it. */
  readonly frame = signal(0)
  /** The session time that is known last, the page's clock then, and how fast session time runs on. */
  #clock = { at: 0, since: performance.now(), pace: 1, end: Number.POSITIVE_INFINITY }
  /** Session time that is last known to be true; undefined while the host answers. */
  readonly frozenAt = signal<number | undefined>(undefined)
  /** Events taken in, and those there are, while the page is far behind them, as after it was opened. */
  readonly catchingUp = signal<{ readonly done: number; readonly of: number } | undefined>(undefined)
  /** Session time at which the view was frozen; undefined while it is not. */
  readonly pausedAt = signal<number | undefined>(undefined)
  readonly #schedule: Schedule
  #rows: Rows
  #result: FilterResult | undefined
  #scheduled = false
  #isFiltered = true
  #isOutdated = false

  constructor(schedule: Schedule) {
    this.#schedule = schedule
    this.#rows = new AllRows(this.columns)
  }

  /** The rows that pass the filter. */
  get rows(): Rows {
    return this.#rows
  }

  /** Whether the filter has looked at every event held. */
  get isFiltered(): boolean {
    return this.#isFiltered
  }

  apply(delta: Delta): void {
    delta.eventNames.forEach((eventName, i) => {
      this.eventNames[delta.firstEventName + i] = eventName
    })
    this.columns.append(delta.columns)
    this.setStatus(delta.status)
  }

  setStatus(status: SessionStatus): void {
    this.columns.dropBefore(status.firstKept)
    this.#clock = {
      at: status.at ?? Date.now() - Date.parse(status.startedAt),
      since: performance.now(),
      pace: status.pace ?? 1,
      end: status.file?.replay?.end ?? Number.POSITIVE_INFINITY,
    }
    this.status.value = status
    this.catchingUp.value = this.#lag(status)
    this.touch()
  }

  #lag({ events, firstKept }: SessionStatus): { readonly done: number; readonly of: number } | undefined {
    const behind = events - this.columns.end
    const most = this.catchingUp.value === undefined ? FAR_BEHIND : CAUGHT_UP
    if (this.pausedAt.value !== undefined || behind <= most) return undefined
    return { done: Math.max(0, this.columns.end - firstKept), of: events - firstKept }
  }

  /** Forgets the events from number `count` on; what the list is narrowed to stays. */
  rewind(count: number): void {
    this.columns.truncate(count)
    this.#narrow()
    this.touch()
  }

  reset(): void {
    this.columns.clear()
    this.eventNames = []
    this.#result = undefined
    this.pausedAt.value = undefined
    this.setScope({ ...WHOLE_SESSION, hidden: this.scope.value.hidden })
  }

  setScope(scope: Scope): void {
    this.scope.value = scope
    this.#narrow()
    this.touch()
  }

  /** Narrows to a range of time, as often as it changes while it is dragged: at the next frame. */
  setRange(range: TimeRange | undefined): void {
    if (this.scope.value.range === range) return
    this.scope.value = { ...this.scope.value, range }
    this.#isOutdated = true
    this.touch()
  }

  /** Narrows to what a search finds; undefined for everything. */
  setFilterResult(result: FilterResult | undefined): void {
    this.#result = result
    this.#narrow()
    this.touch()
  }

  /** The time the view shows as now: the session's, or the one it was frozen at. */
  viewTime(): number {
    return this.pausedAt.value ?? this.now()
  }

  #narrow(): void {
    this.#isOutdated = false
    const { columns } = this
    const among = this.#result?.numbers
    const scope = this.scope.value
    const test = compileScope(scope) ?? (among && (() => true))
    this.#rows =
      test === undefined ? new AllRows(columns) : new MatchingRows(columns, test, among, scope.range)
    this.#isFiltered = test === undefined
  }

  /** Whether the session's clock runs, and there is something to it: a connection that lives, or a replay. */
  get isMoving(): boolean {
    if (this.frozenAt.value !== undefined) return false
    return this.#clock.pace > 0 && (this.#hasLive || this.status.value?.file?.replay !== undefined)
  }

  /** Whether the time to the next attempt of a connection is told in tenths of a second, or will be at the next whole one. */
  get isCountingDown(): boolean {
    const until = this.now() + COUNTDOWN + 1000
    return (
      this.status.value?.connections.some(({ retry }) => retry !== undefined && retry.at < until) ?? false
    )
  }

  /** Whether a connection is open or on its way. */
  get #hasLive(): boolean {
    return this.status.value?.connections.some(({ state }) => isLive(state)) ?? false
  }

  /** Whether the view's time runs on. */
  get isRunning(): boolean {
    return this.pausedAt.value === undefined && this.isMoving
  }

  /** The session's time now, in milliseconds since it started. */
  now(): number {
    return this.frozenAt.value ?? this.#timeAt(performance.now())
  }

  /** Stops the clock at a time of the page's clock, after which nothing is known; undefined lets it go on. */
  freeze(since: number | undefined): void {
    this.frozenAt.value = since === undefined ? undefined : this.#timeAt(since)
    const status = this.status.value
    if (since === undefined || status === undefined) return
    this.status.value = { ...status, connections: status.connections.map((each) => ({ ...each, rate: 0 })) }
  }

  /** Session time at a time of the page's clock. */
  #timeAt(time: number): number {
    const { at, since, pace, end } = this.#clock
    return Math.min(at + Math.max(0, time - since) * pace, Math.max(at, end))
  }

  /** Has the rows painted in the next frame. */
  touch(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#schedule(() => {
      this.#scheduled = false
      if (this.#isOutdated) this.#narrow()
      const isThrough = this.#rows instanceof MatchingRows ? this.#rows.advance(SCAN_BUDGET) : true
      this.#isFiltered = isThrough && (this.#result?.isComplete(this.columns.end) ?? true)
      this.frame.value++
      if (!isThrough) this.touch()
    })
  }
}
