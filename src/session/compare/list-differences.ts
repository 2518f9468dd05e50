/** Lists the differences of a comparison with the messages, which are read again from the recordings. */

import type { Recording } from '../../capture/recording.ts'
import type { Direction, MessageEvent } from '../../shared/event.ts'
import { hasLines, type LineSource } from '../line-scan.ts'
import { UNPAIRED } from './align.ts'
import type { CompareOptions } from './compare.ts'
import {
  type Comparison,
  type ConnectionComparison,
  type LaneComparison,
  ROW_STATUSES,
  type RowStatus,
} from './comparison.ts'
import { diffUnits } from './diff-units.ts'
import { compileIgnore } from './ignore.ts'
import type { FieldChange } from './json-diff.ts'
import { EARLY, ON_TIME } from './timing.ts'
import { readUnits, type Unit } from './units.ts'

/** One side of a difference. */
export interface DifferenceSide {
  /** Number of the connection in its recording. */
  readonly connection: number
  /** Number of the event in its recording, from 1 for the line after the header. */
  readonly event: number
  /** Undefined if the limit for payloads was exceeded. */
  readonly message: MessageEvent | undefined
}

export interface Difference {
  readonly kind: Exclude<RowStatus, 'same'> | 'late' | 'early'
  /** The connection of the comparison. */
  readonly connection: ConnectionComparison
  readonly direction: Direction | undefined
  readonly a: DifferenceSide | undefined
  readonly b: DifferenceSide | undefined
  /** In milliseconds, for `late` and `early`. */
  readonly lag?: number
  /** For `changed`: at most a hundred. */
  readonly changes?: readonly FieldChange[]
}

/** Bytes of payloads held at a time. Further differences are listed without messages. */
const MAX_BYTES = 64 * 1024 * 1024

interface Row {
  readonly kind: Difference['kind']
  readonly direction: Direction | undefined
  readonly connection: ConnectionComparison
  readonly a: Place
  readonly b: Place
  readonly lag: number
  readonly idChanges: readonly number[]
}

/** Where a packet or a message is in its recording. */
interface Place {
  /** Number of its event, or `UNPAIRED`. */
  readonly event: number
  readonly part: number
  /** See `LaneComparison.aOffset`. */
  readonly offset: number
}

/** The options with which the recordings were compared. */
type ListOptions = Pick<CompareOptions, 'ignore' | 'normalizeIds' | 'dialects'> & { readonly limit: number }

/** The first `limit` differences in the order of the recordings, each with its messages. */
export async function listDifferences(
  comparison: Comparison,
  recordings: { readonly a: Recording; readonly b: Recording },
  options: ListOptions,
): Promise<Difference[]> {
  const rows = collectRows(comparison, options.limit)
  const budget = { left: MAX_BYTES }
  const a = await readWanted(
    recordings.a,
    rows.map((row) => row.a),
    options,
    budget,
  )
  const b = await readWanted(
    recordings.b,
    rows.map((row) => row.b),
    options,
    budget,
  )
  const ignore = compileIgnore(options.ignore ?? [])
  return rows.map((row) => {
    const [before, after] = [a.get(keyOf(row.a)), b.get(keyOf(row.b))]
    const changes = () =>
      before && after ? diffUnits(before, after, ignore, options.normalizeIds ?? false, row.idChanges) : []
    return {
      kind: row.kind,
      connection: row.connection,
      direction: row.direction ?? (before ?? after)?.message.direction,
      a: sideOf(row.a, row.connection.a?.id, before),
      b: sideOf(row.b, row.connection.b?.id, after),
      ...(row.kind === 'late' || row.kind === 'early' ? { lag: row.lag } : {}),
      ...(row.kind === 'changed' && before && after ? { changes: changes() } : {}),
    }
  })
}

function sideOf({ event }: Place, connection = 0, unit: Unit | undefined): DifferenceSide | undefined {
  return event === UNPAIRED ? undefined : { connection, event: event + 1, message: unit?.message }
}

function keyOf({ event, part }: Omit<Place, 'offset'>): string {
  return `${event} ${part}`
}

function collectRows(comparison: Comparison, limit: number): Row[] {
  const rows: Row[] = []
  for (const connection of comparison.connections) {
    const found = connection.lanes.flatMap((lane) => laneRows(connection, lane, limit))
    for (const row of found.sort((x, y) => position(x) - position(y))) rows.push(row)
    if (rows.length >= limit) break
  }
  return rows.slice(0, limit)
}

/** The position of a row in the first recording that has it. */
function position({ a, b }: Row): number {
  return a.event === UNPAIRED ? b.event : a.event
}

function laneRows(connection: ConnectionComparison, lane: LaneComparison, limit: number): Row[] {
  const rows: Row[] = []
  for (let at = 0; at < lane.status.length && rows.length < limit; at++) {
    const status = ROW_STATUSES[lane.status[at] ?? 0] ?? 'same'
    const row = {
      connection,
      direction: lane.direction,
      a: { event: lane.a[at] ?? UNPAIRED, part: lane.aPart[at] ?? 0, offset: lane.aOffset[at] ?? -1 },
      b: { event: lane.b[at] ?? UNPAIRED, part: lane.bPart[at] ?? 0, offset: lane.bOffset[at] ?? -1 },
      lag: lane.lag[at] ?? 0,
      idChanges: lane.idChanges.get(at) ?? [],
    }
    if (status !== 'same') rows.push({ ...row, kind: status })
    const timing = lane.timing[at] ?? ON_TIME
    if (timing !== ON_TIME) rows.push({ ...row, kind: timing === EARLY ? 'early' : 'late' })
  }
  return rows.slice(0, limit)
}

/** Reads the lines of the places, and with the events before it what has no line of its own. */
async function readWanted(
  recording: Recording,
  places: readonly Place[],
  { dialects }: ListOptions,
  budget: { left: number },
): Promise<Map<string, Unit>> {
  const found = new Map<string, Unit>()
  /** Places that are left, by their key. A message may be both changed and late. */
  const wanted = new Map(
    places.filter(({ event }) => event !== UNPAIRED).map((place) => [keyOf(place), place]),
  )
  const keep = (key: string, unit: Unit) => {
    if (!wanted.delete(key)) return
    const { message } = unit
    if (budget.left < message.payload.length) return
    budget.left -= message.payload.length
    found.set(key, { ...unit, message: { ...message, payload: message.payload.slice() } })
  }
  /** Events that have no line of their own. */
  const unread = new Set<number>()
  for (const { event, offset } of wanted.values()) if (offset < 0) unread.add(event)
  if (unread.size > 0)
    await readUnits(
      recording,
      { dialects },
      {
        units({ number, units }) {
          for (const unit of units) keep(keyOf({ event: number, part: unit.part }), unit)
          unread.delete(number)
        },
        line: (number) => !unread.has(number),
        isDone: () => unread.size === 0,
      },
    )
  if (hasLines(recording))
    readLines(
      recording,
      [...wanted.values()].filter(({ offset }) => offset >= 0),
      keep,
    )
  return found
}

function readLines(
  recording: LineSource,
  places: readonly Place[],
  keep: (key: string, unit: Unit) => void,
): void {
  const sorted = places.toSorted((one, other) => one.offset - other.offset)
  let at = 0
  for (const message of recording.eventsAt(sorted.map(({ offset }) => offset))) {
    const place = sorted[at++]
    if (place !== undefined && message?.type === 'message')
      keep(keyOf(place), { part: 0, message, packet: undefined, isHeartbeat: false })
  }
}
