/** Compares two recordings, with a result of bounded size that a page can show. */
import { compareIndexes, contentReader } from '../../session/compare/compare.ts'
import type {
  Comparison,
  ConnectionComparison,
  ConnectionSummary,
  LaneComparison,
} from '../../session/compare/comparison.ts'
import { randomKey } from '../../session/compare/hashing/half-sip-hash.ts'
import { indexRecording } from '../../session/compare/index-recording.ts'
import {
  type Difference,
  type DifferenceSide,
  listDifferences,
} from '../../session/compare/list-differences.ts'
import { renumber } from '../../session/compare/recording-index.ts'
import { openRecording } from '../../session/open-recording.ts'
import { problemsOf, SHOWN_PROBLEMS } from '../../session/recording-file.ts'
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
import { type ComparisonSide, indexSide, type SideParams, SideThread } from './comparison-side.ts'

/** Maximum number of bytes of a payload, and of characters of a value. */
const MAX_SHOWN = 400

/** Files of this many bytes or more are read in two threads. Starting one takes as long as reading some 10,000 lines. */
const LARGE = 8 * 1024 * 1024

/**
 * Reads large files at the same time, if `script`, the path of the bundled job worker, is given. Rejects with a `Failure`:
 * `BAD_JSONPATH`, `BAD_FILTER`, or an error of reading.
 */
export async function compareFiles(
  { dialects, connections, ...paths }: Omit<JobMethods['compare']['params'], 'wish'>,
  { ignore, tolerance, ignoreMessages: filter, normalizeIds }: CompareWish,
  script?: string,
): Promise<Compared> {
  const a = await openRecording(paths.a)
  const b = await openRecording(paths.b)
  try {
    const key = randomKey()
    const ignoreMessages = filter.trim() === '' ? undefined : filter
    const how = { ignore, normalizeIds, dialects, ignoreMessages }
    const contents = contentReader(how, key)
    const isLarge = a.size >= LARGE && b.size >= LARGE
    const [before, other] = await Promise.all([
      indexRecording(a, contents, how),
      isLarge && script !== undefined
        ? readInThread(script, { path: paths.b, key, ...how })
        : indexSide(b, { key, ...how }),
    ])
    const after = renumber(other.connections, contents.numbersOf(other.hashes))
    const timing = tolerance === null ? {} : { timingTolerance: tolerance }
    const comparison = compareIndexes(before, after, { connections, ...timing })
    const listing = { limit: MAX_LISTED, ignore, normalizeIds, dialects }
    const differences = comparison.same ? [] : await listDifferences(comparison, { a, b }, listing)
    const notes = [...notesOn('A', problemsOf(a)), ...notesOn('B', other.problems)]
    return { ...toCompared(comparison, differences), notes }
  } finally {
    a.close()
    b.close()
  }
}

async function readInThread(script: string, params: SideParams): Promise<ComparisonSide> {
  const thread = new SideThread(script)
  try {
    return await thread.call('readSide', params)
  } finally {
    await thread.dispose()
  }
}

function notesOn(side: string, problems: readonly string[]): string[] {
  return problems.slice(0, SHOWN_PROBLEMS).map((problem) => `${side}: ${problem}`)
}

function toCompared(comparison: Comparison, differences: readonly Difference[]): Omit<Compared, 'notes'> {
  const numbers = new Map(comparison.connections.map((connection, number) => [connection, number]))
  return {
    same: comparison.same,
    counts: comparison.counts,
    isApproximate: comparison.isApproximate,
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
