/** Compares two recordings: missing, extra, changed, moved and late messages, and the lifecycles of connections. */

import type { Recording } from '../../capture/recording.ts'
import type { ComparedConnections } from '../../shared/comparison.ts'
import type { Direction } from '../../shared/event.ts'
import { UNPAIRED } from './align.ts'
import { ContentReader } from './contents.ts'
import { compileIgnore } from './ignore.ts'
import { EMPTY_LANE, type IndexedConnection, indexRecording, type Lane } from './index-recording.ts'
import type { LifecycleDifference } from './lifecycle.ts'
import { type MatchedConnections, matchConnections } from './match-connections.ts'
import { pairLanes } from './pair-messages.ts'
import { EARLY, LATE, ON_TIME, TimingJudge } from './timing.ts'

export interface CompareOptions {
  /** JSONPaths (RFC 9535) of values that are not compared. */
  readonly ignore?: readonly string[]
  /** Milliseconds. If undefined, times are not compared. */
  readonly timingTolerance?: number
  /** Default both. */
  readonly direction?: Direction
  /** Also compare the order between sent and received messages. Default: each direction has its own order. */
  readonly strictOrder?: boolean
  /** Compare only messages. */
  readonly messagesOnly?: boolean
  /** Compare one connection of `a` with one of `b`, by their numbers. Default: all connections. */
  readonly connections?: ComparedConnections | undefined
}

/** How the two sides of a row compare. Stored as indexes of `ROW_STATUSES`. */
export const ROW_STATUSES = ['same', 'changed', 'moved', 'missing', 'extra'] as const
export type RowStatus = (typeof ROW_STATUSES)[number]
const STATUS: Readonly<Record<RowStatus, number>> = { same: 0, changed: 1, moved: 2, missing: 3, extra: 4 }

/**
 * Aligned messages as columns: for each row the numbers of the events in both recordings, from 0, or `UNPAIRED`.
 * A moved message has one row, at its position in the first recording.
 */
export interface LaneComparison {
  /** Undefined: both directions in their common order. */
  readonly direction: Direction | undefined
  readonly a: Int32Array<ArrayBuffer>
  readonly b: Int32Array<ArrayBuffer>
  /** Indexes of `ROW_STATUSES`. */
  readonly status: Uint8Array<ArrayBuffer>
  /** `ON_TIME`, `LATE` or `EARLY`. */
  readonly timing: Uint8Array<ArrayBuffer>
  /** Milliseconds by which the second message is later, both relative to their open. NaN if one is missing. */
  readonly lag: Float64Array<ArrayBuffer>
}

export interface ConnectionSummary {
  readonly id: number
  readonly transport: string
  /** With masked secrets. */
  readonly url: string
}

export interface ConnectionComparison {
  readonly a: ConnectionSummary | undefined
  readonly b: ConnectionSummary | undefined
  readonly lanes: readonly LaneComparison[]
  readonly lifecycle: readonly LifecycleDifference[]
}

export interface ComparisonCounts {
  readonly same: number
  readonly changed: number
  readonly moved: number
  readonly missing: number
  readonly extra: number
  readonly late: number
  readonly early: number
  readonly lifecycle: number
  readonly missingConnections: number
  readonly extraConnections: number
}

export interface Comparison {
  readonly same: boolean
  readonly counts: ComparisonCounts
  readonly connections: readonly ConnectionComparison[]
}

/** Compares `b` with `a`. Reads each once. Rejects with a `Failure`: `BAD_JSONPATH`, or an error of reading. */
export async function compareRecordings(
  a: Recording,
  b: Recording,
  options: CompareOptions = {},
): Promise<Comparison> {
  const contents = new ContentReader(compileIgnore(options.ignore ?? []))
  const before = only(options.connections?.a, await indexRecording(a, contents))
  const after = only(options.connections?.b, await indexRecording(b, contents))
  const connections = matchConnections(before, after).map((matched) => compareConnections(matched, options))
  const counts = count(connections, options.messagesOnly ?? false)
  const { same: _, ...differences } = counts
  return { same: Object.values(differences).every((each) => each === 0), counts, connections }
}

function only(
  id: number | undefined,
  connections: readonly IndexedConnection[],
): readonly IndexedConnection[] {
  return id === undefined ? connections : connections.filter((connection) => connection.id === id)
}

function summarize({ id, lifecycle }: IndexedConnection): ConnectionSummary {
  return { id, transport: lifecycle.transport, url: lifecycle.url }
}

function compareConnections({ a, b }: MatchedConnections, options: CompareOptions): ConnectionComparison {
  const { direction, strictOrder = false, messagesOnly = false } = options
  const split: readonly Direction[] = direction === undefined ? ['in', 'out'] : [direction]
  const lanes = strictOrder && direction === undefined ? [undefined] : split
  return {
    a: a && summarize(a),
    b: b && summarize(b),
    lanes: lanes.map((each) =>
      compareLanes(each, a?.lane(each) ?? EMPTY_LANE, b?.lane(each) ?? EMPTY_LANE, options.timingTolerance),
    ),
    lifecycle:
      messagesOnly || a === undefined || b === undefined ? [] : a.lifecycle.differencesFrom(b.lifecycle),
  }
}

function compareLanes(
  direction: Direction | undefined,
  a: Lane,
  b: Lane,
  tolerance: number | undefined,
): LaneComparison {
  const { aligned, moved } = pairLanes(a, b)
  const paired = new Set([...aligned, ...moved])
  const rows = new Rows(a, b, a.length + b.length, tolerance)
  let next = 0
  const extrasUpTo = (end: number) => {
    for (; next < end; next++) if (!paired.has(next)) rows.add(UNPAIRED, next, 'extra')
  }
  for (let x = 0; x < a.length; x++) {
    const partner = aligned[x] ?? UNPAIRED
    const elsewhere = moved[x] ?? UNPAIRED
    if (partner !== UNPAIRED) {
      extrasUpTo(partner)
      next = partner + 1
      rows.add(x, partner, a.exact[x] === b.exact[partner] ? 'same' : 'changed')
    } else if (elsewhere !== UNPAIRED) rows.add(x, elsewhere, 'moved')
    else rows.add(x, UNPAIRED, 'missing')
  }
  extrasUpTo(b.length)
  return rows.finish(direction)
}

class Rows {
  readonly #lanes: readonly [Lane, Lane]
  readonly #judge: TimingJudge | undefined
  readonly #a: Int32Array<ArrayBuffer>
  readonly #b: Int32Array<ArrayBuffer>
  readonly #status: Uint8Array<ArrayBuffer>
  readonly #timing: Uint8Array<ArrayBuffer>
  readonly #lag: Float64Array<ArrayBuffer>
  #count = 0

  constructor(a: Lane, b: Lane, capacity: number, tolerance: number | undefined) {
    this.#lanes = [a, b]
    this.#judge = tolerance === undefined ? undefined : new TimingJudge(tolerance)
    this.#a = new Int32Array(capacity)
    this.#b = new Int32Array(capacity)
    this.#status = new Uint8Array(capacity)
    this.#timing = new Uint8Array(capacity)
    this.#lag = new Float64Array(capacity)
  }

  add(x: number, y: number, status: RowStatus): void {
    const [a, b] = this.#lanes
    const row = this.#count++
    this.#a[row] = x === UNPAIRED ? UNPAIRED : (a.event[x] ?? UNPAIRED)
    this.#b[row] = y === UNPAIRED ? UNPAIRED : (b.event[y] ?? UNPAIRED)
    this.#status[row] = STATUS[status]
    const times = { before: sinceOpen(a, x), after: sinceOpen(b, y) }
    this.#lag[row] = times.after - times.before
    if (status === 'same' || status === 'changed') this.#timing[row] = this.#judge?.judge(times) ?? ON_TIME
  }

  finish(direction: Direction | undefined): LaneComparison {
    const count = this.#count
    return {
      direction,
      a: this.#a.slice(0, count),
      b: this.#b.slice(0, count),
      status: this.#status.slice(0, count),
      timing: this.#timing.slice(0, count),
      lag: this.#lag.slice(0, count),
    }
  }
}

function sinceOpen(lane: Lane, index: number): number {
  return (lane.time[index] ?? Number.NaN) - (lane.opened[index] ?? Number.NaN)
}

function count(connections: readonly ConnectionComparison[], messagesOnly: boolean): ComparisonCounts {
  const statuses = new Float64Array(ROW_STATUSES.length)
  const timings = new Float64Array(3)
  for (const { lanes } of connections)
    for (const { status, timing } of lanes) {
      for (const each of status) statuses[each] = (statuses[each] ?? 0) + 1
      for (const each of timing) timings[each] = (timings[each] ?? 0) + 1
    }
  const of = (status: RowStatus) => statuses[STATUS[status]] ?? 0
  return {
    same: of('same'),
    changed: of('changed'),
    moved: of('moved'),
    missing: of('missing'),
    extra: of('extra'),
    late: timings[LATE] ?? 0,
    early: timings[EARLY] ?? 0,
    lifecycle: connections.reduce((sum, { lifecycle }) => sum + lifecycle.length, 0),
    missingConnections: messagesOnly ? 0 : connections.filter(({ b }) => b === undefined).length,
    extraConnections: messagesOnly ? 0 : connections.filter(({ a }) => a === undefined).length,
  }
}
