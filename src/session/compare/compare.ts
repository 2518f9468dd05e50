/** Compares two recordings: missing, extra, changed, moved and late messages, and the lifecycles of connections. */

import type { Recording } from '../../capture/recording.ts'
import type { ComparedConnections } from '../../shared/comparison.ts'
import type { Dialect } from '../../shared/dialect.ts'
import type { Direction } from '../../shared/event.ts'
import {
  type Comparison,
  type ComparisonCounts,
  type ConnectionComparison,
  type ConnectionSummary,
  ROW_STATUSES,
  type RowStatus,
} from './comparison.ts'
import { ContentReader } from './contents.ts'
import type { HashKey } from './hashing/half-sip-hash.ts'
import { compileIgnore } from './ignore.ts'
import { indexRecording } from './index-recording.ts'
import { checkIds, laneRows } from './lane-rows.ts'
import { lifecycleDifferences } from './lifecycle.ts'
import { type MatchedConnections, matchConnections } from './match-connections.ts'
import { type ConnectionIndex, EMPTY_LANE, laneOf } from './recording-index.ts'
import { EARLY, LATE } from './timing.ts'

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
  /** Messages that this filter finds are not compared. */
  readonly ignoreMessages?: string
  /** Ids are the same if they correspond: request ids, session ids and others that differ in each run. */
  readonly normalizeIds?: boolean
  /** Users' own protocols. */
  readonly dialects?: readonly Dialect[] | undefined
  /** Compare one connection of `a` with one of `b`, by their numbers. Default: all connections. */
  readonly connections?: ComparedConnections | undefined
}

/**
 * Compares `b` with `a`. Reads each once. Rejects with a `Failure`: `BAD_JSONPATH`, `BAD_FILTER`, or an error of
 * reading.
 */
export async function compareRecordings(
  a: Recording,
  b: Recording,
  options: CompareOptions = {},
): Promise<Comparison> {
  const contents = contentReader(options)
  const before = await indexRecording(a, contents, options)
  return compareIndexes(before, await indexRecording(b, contents, options), options)
}

/** Makes the reader of contents for these options. Throws a `Failure` `BAD_JSONPATH`. */
export function contentReader(
  { ignore = [], normalizeIds }: Pick<CompareOptions, 'ignore' | 'normalizeIds'>,
  key?: HashKey,
): ContentReader {
  return new ContentReader(ignore.length === 0 ? undefined : compileIgnore(ignore), normalizeIds, key)
}

/** Compares `b` with `a`. Both must have the numbers of the same `ContentReader`. */
export function compareIndexes(
  a: readonly ConnectionIndex[],
  b: readonly ConnectionIndex[],
  options: CompareOptions,
): Comparison {
  const matched = matchConnections(only(options.connections?.a, a), only(options.connections?.b, b))
  const connections = matched.map((each) => compareConnections(each, options))
  const counts = count(connections, options.messagesOnly ?? false)
  const { same: _, ...differences } = counts
  const same = Object.values(differences).every((each) => each === 0)
  const isApproximate = connections.some(({ lanes }) => lanes.some((lane) => lane.isApproximate))
  return { same, counts, isApproximate, connections }
}

function only(id: number | undefined, connections: readonly ConnectionIndex[]): readonly ConnectionIndex[] {
  return id === undefined ? connections : connections.filter((connection) => connection.id === id)
}

function summarize({ id, lifecycle }: ConnectionIndex): ConnectionSummary {
  return { id, transport: lifecycle.transport, url: lifecycle.url }
}

function compareConnections({ a, b }: MatchedConnections, options: CompareOptions): ConnectionComparison {
  const { direction, strictOrder = false, messagesOnly = false } = options
  const split: readonly Direction[] = direction === undefined ? ['in', 'out'] : [direction]
  const lanes = strictOrder && direction === undefined ? [undefined] : split
  const rows = lanes.map((each) =>
    laneRows(
      each,
      a === undefined ? EMPTY_LANE : laneOf(a, each),
      b === undefined ? EMPTY_LANE : laneOf(b, each),
      options.timingTolerance,
    ),
  )
  checkIds(rows)
  return {
    a: a && summarize(a),
    b: b && summarize(b),
    lanes: rows.map((each) => each.finish()),
    lifecycle:
      messagesOnly || a === undefined || b === undefined
        ? []
        : lifecycleDifferences(a.lifecycle, b.lifecycle),
  }
}

function count(connections: readonly ConnectionComparison[], messagesOnly: boolean): ComparisonCounts {
  const statuses = new Float64Array(ROW_STATUSES.length)
  const timings = new Float64Array(3)
  for (const { lanes } of connections)
    for (const { status, timing } of lanes) {
      for (const each of status) statuses[each] = (statuses[each] ?? 0) + 1
      for (const each of timing) timings[each] = (timings[each] ?? 0) + 1
    }
  const of = (status: RowStatus) => statuses[ROW_STATUSES.indexOf(status)] ?? 0
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
