/** The session as the host has sent it, and the part of it that the list shows. */
import { computed, type ReadonlySignal, signal } from '@preact/signals'
import type { TimeRange } from '../../src/shared/protocol/filtering.ts'
import { StatusMirror, type StatusUpdate } from '../../src/shared/protocol/status-update.ts'
import type { Delta, EventPreview } from '../../src/shared/protocol.ts'
import type { ConnectionStatus, SessionStatus } from '../../src/shared/status.ts'
import { steady } from '../../src/shared/steady-list.ts'
import { isLive } from '../format/connection.ts'
import { COUNTDOWN } from '../format/time.ts'
import { ColumnStore } from './events/column-store.ts'
import { type EventSummary, summarizeEvent } from './events/event-summary.ts'
import { AllRows, MatchingRows, type Rows } from './events/rows.ts'
import { expectationMarks } from './expectation-marks.ts'
import type { FilterResult } from './filter.ts'
import { compileScope, type Group, type Scope, toggleGroup, WHOLE_SESSION } from './scope.ts'

/** Events that are tested in one frame: a few milliseconds. */
const SCAN_BUDGET = 400_000

/** How many events the page is behind when it starts to show that it catches up, and when it stops. */
const FAR_BEHIND = 50_000
const CAUGHT_UP = 5000

/** Runs a callback before the next paint. */
export type Schedule = (callback: () => void) => void

export class SessionStore {
  readonly columns = new ColumnStore()
  /** Event names by index. Index 0 is the empty name. */
  eventNames: string[] = []
  readonly status = signal<SessionStatus | undefined>(undefined)
  readonly #mirror = new StatusMirror()
  /** The connections of which something was expected. */
  readonly #expecting = this.#connectionsWith(
    ({ expectations }) => expectations !== undefined,
    (one, other) => one.id === other.id && one.expectations === other.expectations,
  )
  /** What was expected of the connections and is decided. */
  readonly expectations = computed(() => {
    const expecting = this.#expecting.value
    // An event may arrive after the status that names it.
    if (expecting.length > 0) void this.frame.value
    return expectationMarks(expecting, this.columns)
  })
  /** Whether a connection is open, or is being opened or closed. */
  readonly #hasLive = computed(
    () => this.status.value?.connections.some(({ state }) => isLive(state)) ?? false,
  )
  readonly scope = signal<Scope>(WHOLE_SESSION)
  /** Changes once a frame while rows change. Components that paint rows read it. */
  readonly frame = signal(0)
  /** The last known session time, the page's clock at that time, and the speed of the session's clock. */
  #clock = { at: 0, since: performance.now(), pace: 1, end: Number.POSITIVE_INFINITY }
  /** The last session time known before the host stopped answering. Undefined while it answers. */
  readonly frozenAt = signal<number | undefined>(undefined)
  /** Events that the page has, and that there are, while the page is far behind, for example after it was opened. */
  readonly catchingUp = signal<{ readonly done: number; readonly of: number } | undefined>(undefined)
  /** Session time at which the user paused the view. Undefined while it is not paused. */
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

  /** The rows that the list shows. */
  get rows(): Rows {
    return this.#rows
  }

  /** What the page shows of an event. Undefined if it is not held. */
  summaryOf(index: number, preview?: EventPreview): EventSummary | undefined {
    return summarizeEvent(this.columns, this.eventNames, (id) => this.connection(id), index, preview)
  }

  /** The status of the connection with a number; undefined if the session does not have it. */
  connection(id: unknown): ConnectionStatus | undefined {
    const connections = this.status.value?.connections
    const place = typeof id === 'number' ? this.#mirror.placeOf(id) : undefined
    return place === undefined ? undefined : connections?.[place]
  }

  /**
   * The connections that pass a test. The same list as before until one of them is not the same as before: then things that change
   * more often than that, such as its traffic, may be those of an earlier status.
   */
  #connectionsWith(
    test: (connection: ConnectionStatus) => boolean,
    isSame: (one: ConnectionStatus, other: ConnectionStatus) => boolean,
  ): ReadonlySignal<readonly ConnectionStatus[]> {
    let list: readonly ConnectionStatus[] = []
    return computed(() => {
      list = steady(list, this.status.value?.connections.filter(test) ?? [], isSame)
      return list
    })
  }

  /** Whether every event held has been tested. */
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

  setStatus(update: StatusUpdate): void {
    const status = this.#mirror.apply(update)
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

  /** Drops the events from number `count` on. Scope and filter stay. */
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

  /** Hides a group of events, or shows it again. */
  setHidden(group: Group, isHidden: boolean): void {
    const scope = this.scope.value
    if (scope.hidden.has(group) !== isHidden) this.setScope(toggleGroup(scope, group))
  }

  /** Narrows the list to a time range at the next frame. The range may change often while the user drags. */
  setRange(range: TimeRange | undefined): void {
    if (this.scope.value.range === range) return
    this.scope.value = { ...this.scope.value, range }
    this.#isOutdated = true
    this.touch()
  }

  /** Narrows the list to the matches of a filter. Undefined removes the filter. */
  setFilterResult(result: FilterResult | undefined): void {
    this.#result = result
    this.#narrow()
    this.touch()
  }

  /** The time that the view shows as now: the session's, or the time at which it was paused. */
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

  /** Whether the session's clock runs and matters: a connection is live, or a recording is played. */
  get isMoving(): boolean {
    if (this.frozenAt.value !== undefined) return false
    return this.#clock.pace > 0 && (this.#hasLive.value || this.status.value?.file?.replay !== undefined)
  }

  /** Whether the page shows the time to a reconnect in tenths of a second, or will do so within a second. */
  get isCountingDown(): boolean {
    const until = this.now() + COUNTDOWN + 1000
    return (
      this.status.value?.connections.some(({ retry }) => retry !== undefined && retry.at < until) ?? false
    )
  }

  /** Whether the time of the view advances. */
  get isRunning(): boolean {
    return this.pausedAt.value === undefined && this.isMoving
  }

  /** The session's time now, in milliseconds since it started. */
  now(): number {
    return this.frozenAt.value ?? this.#timeAt(performance.now())
  }

  /** Stops the session's clock at a time of the page's clock. Undefined lets it run again. */
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

  /** Paints the rows in the next frame. */
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
