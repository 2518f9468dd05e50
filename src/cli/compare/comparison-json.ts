/** A comparison as JSON for programs. docs/terminal.md documents the names. */

import { isUtf8 } from 'node:buffer'
import type { Comparison, LaneComparison } from '../../session/compare/comparison.ts'
import type { FieldChange } from '../../session/compare/json-diff.ts'
import type { Difference, DifferenceSide } from '../../session/compare/list-differences.ts'
import { toMicroseconds } from '../../shared/numbers.ts'

/** A payload or changed value with more characters is cut. */
const MAX_TEXT = 4096

/** What `compare --format json` prints. */
export function toJson(comparison: Comparison, differences: readonly Difference[]) {
  const { moved: reordered, ...counts } = comparison.counts
  return {
    same: comparison.same,
    approximate: comparison.isApproximate,
    counts: { ...counts, reordered },
    connections: comparison.connections.map(({ a, b, lanes, lifecycle }) => ({
      a: a ?? null,
      b: b ?? null,
      messages: {
        a: lanes.reduce((sum, lane) => sum + rowsOf(lane.a), 0),
        b: lanes.reduce((sum, lane) => sum + rowsOf(lane.b), 0),
      },
      lifecycle,
    })),
    differences: differences.map(differenceToJson),
  }
}

/** Counts the messages of one side of a lane. */
function rowsOf(side: LaneComparison['a']): number {
  return side.reduce((sum, event) => (event < 0 ? sum : sum + 1), 0)
}

function differenceToJson({ kind, direction, a, b, lag, changes }: Difference) {
  return {
    kind: kind === 'moved' ? 'reordered' : kind,
    direction: direction ?? null,
    a: a === undefined ? null : sideToJson(a),
    b: b === undefined ? null : sideToJson(b),
    ...(lag === undefined ? {} : { lag: toMicroseconds(lag) }),
    ...(changes === undefined ? {} : { changes: changes.map(changeToJson) }),
  }
}

function sideToJson({ connection, event, message }: DifferenceSide) {
  if (message === undefined) return { connection, event }
  const { time, payload, dropped } = message
  if (dropped !== undefined) return { connection, event, time, size: dropped }
  const isText = isUtf8(payload)
  const value = Buffer.from(payload).toString(isText ? 'utf8' : 'base64')
  return {
    connection,
    event,
    time,
    size: payload.length,
    [isText ? 'text' : 'base64']: value.slice(0, MAX_TEXT),
    ...(value.length > MAX_TEXT && { cut: true }),
  }
}

function changeToJson({ path, before, after }: FieldChange) {
  return {
    path,
    ...(before === undefined ? {} : { before: shorten(before) }),
    ...(after === undefined ? {} : { after: shorten(after) }),
  }
}

function shorten(value: FieldChange['before']): unknown {
  const text = JSON.stringify(value)
  return text !== undefined && text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : value
}
