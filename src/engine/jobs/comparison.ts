/** Compares two recordings, with a result of bounded size that a page can show. */
import { compareRecordings } from '../../session/compare/compare.ts'
import type {
  ConnectionComparison,
  ConnectionSummary,
  LaneComparison,
} from '../../session/compare/comparison.ts'
import {
  type Difference,
  type DifferenceSide,
  listDifferences,
} from '../../session/compare/list-differences.ts'
import { openRecording } from '../../session/open-recording.ts'
import {
  type Compared,
  type ComparedLane,
  type ComparedSide,
  type CompareWish,
  type ListedDifference,
  MAX_LISTED,
  MAX_SPANS,
} from '../../shared/comparison.ts'
import type { JobMethods } from '../../shared/protocol/jobs.ts'

/** Maximum number of bytes of a payload, and of characters of a value. */
const MAX_SHOWN = 400

/** Rejects with a `Failure`: `BAD_JSONPATH`, `BAD_FILTER`, or an error of reading. */
export async function compareFiles(
  { dialects, connections, ...paths }: Omit<JobMethods['compare']['params'], 'wish'>,
  { ignore, tolerance, ignoreMessages, normalizeIds }: CompareWish,
): Promise<Compared> {
  const a = await openRecording(paths.a)
  const b = await openRecording(paths.b)
  const comparison = await compareRecordings(a, b, {
    ignore,
    normalizeIds,
    dialects,
    connections,
    ...(ignoreMessages.trim() !== '' && { ignoreMessages }),
    ...(tolerance !== null && { timingTolerance: tolerance }),
  })
  const differences = comparison.same
    ? []
    : await listDifferences(comparison, { a, b }, { limit: MAX_LISTED, ignore, normalizeIds, dialects })
  const numbers = new Map(comparison.connections.map((connection, number) => [connection, number]))
  return {
    same: comparison.same,
    counts: comparison.counts,
    connections: comparison.connections.map(({ a, b, lifecycle, lanes }) => ({
      a: a && nameOf(a),
      b: b && nameOf(b),
      lifecycle: lifecycle.map(({ field, before, after }) => ({
        field,
        before: shorten(String(before)),
        after: shorten(String(after)),
      })),
      lanes: lanes.map(sumUp),
    })),
    differences: differences.map((each) => toListed(each, numbers)),
  }
}

function nameOf({ id, transport, url }: ConnectionSummary): string {
  return `${id} · ${transport} ${url}`
}

/** The comparison of a lane in spans of equally many rows, with the number of rows of each status. */
export function sumUp({ direction, status }: Pick<LaneComparison, 'direction' | 'status'>): ComparedLane {
  const rows = status.length
  const count = Math.min(rows, MAX_SPANS)
  const spans = Array.from({ length: count }, (): [number, number, number, number, number] => [0, 0, 0, 0, 0])
  for (let row = 0; row < rows; row++) {
    const span = spans[Math.floor((row * count) / rows)]
    const kind = status[row] ?? 0
    if (span !== undefined && kind < span.length) span[kind] = (span[kind] ?? 0) + 1
  }
  return { direction, rows, spans }
}

function toListed(
  difference: Difference,
  numbers: ReadonlyMap<ConnectionComparison, number>,
): ListedDifference {
  const { kind, direction, connection, a, b, lag, changes = [] } = difference
  return {
    kind,
    direction,
    connection: numbers.get(connection) ?? -1,
    a: a && toSide(a),
    b: b && toSide(b),
    ...(lag !== undefined && { lag }),
    changes: changes.map(({ path, before, after }) => ({
      path,
      ...(before !== undefined && { before: shorten(JSON.stringify(before)) }),
      ...(after !== undefined && { after: shorten(JSON.stringify(after)) }),
    })),
  }
}

function toSide({ event, message }: DifferenceSide): ComparedSide {
  const { payload } = message ?? {}
  const text = payload === undefined ? '' : new TextDecoder().decode(payload.subarray(0, MAX_SHOWN))
  return { event, time: message?.time, text: shorten(text, payload?.length ?? 0) }
}

function shorten(text: string, length = text.length): string {
  return text.length > MAX_SHOWN || length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
