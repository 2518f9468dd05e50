/** Lists the differences of a comparison with the messages, which are read again from the recordings. */

import type { Recording } from '../../capture/recording.ts'
import type { Direction, MessageEvent } from '../../shared/event.ts'
import { largest } from '../../shared/numbers.ts'
import { UNPAIRED } from './align.ts'
import {
  type Comparison,
  type ConnectionComparison,
  type LaneComparison,
  ROW_STATUSES,
  type RowStatus,
} from './compare.ts'
import { compileIgnore } from './ignore.ts'
import { diffJson, type FieldChange } from './json-diff.ts'
import { decode, type Json, parseJson, plain } from './lossless-json.ts'
import { EARLY, ON_TIME } from './timing.ts'

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
  readonly a: number
  readonly b: number
  readonly lag: number
}

/** The first `limit` differences in the order of the recordings, each with its messages. */
export async function listDifferences(
  comparison: Comparison,
  recordings: { readonly a: Recording; readonly b: Recording },
  options: { readonly limit: number; readonly ignore?: readonly string[] },
): Promise<Difference[]> {
  const rows = collectRows(comparison, options.limit)
  const budget = { left: MAX_BYTES }
  const a = await readMessages(recordings.a, new Set(rows.map((row) => row.a)), budget)
  const b = await readMessages(recordings.b, new Set(rows.map((row) => row.b)), budget)
  const ignore = compileIgnore(options.ignore ?? [])
  return rows.map((row) => {
    const side = (event: number, connection: number | undefined, messages: Map<number, MessageEvent>) =>
      event === UNPAIRED
        ? undefined
        : { connection: connection ?? 0, event: event + 1, message: messages.get(event) }
    const [before, after] = [messageOf(a, row.a), messageOf(b, row.b)]
    return {
      kind: row.kind,
      connection: row.connection,
      direction: row.direction ?? (before ?? after)?.direction,
      a: side(row.a, row.connection.a?.id, a),
      b: side(row.b, row.connection.b?.id, b),
      ...(row.kind === 'late' || row.kind === 'early' ? { lag: row.lag } : {}),
      ...(row.kind === 'changed' && before && after ? { changes: diffMessages(before, after, ignore) } : {}),
    }
  })
}

function messageOf(messages: Map<number, MessageEvent>, event: number): MessageEvent | undefined {
  return messages.get(event)
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
  return a === UNPAIRED ? b : a
}

function laneRows(connection: ConnectionComparison, lane: LaneComparison, limit: number): Row[] {
  const rows: Row[] = []
  for (let at = 0; at < lane.status.length && rows.length < limit; at++) {
    const status = ROW_STATUSES[lane.status[at] ?? 0] ?? 'same'
    const row = {
      connection,
      direction: lane.direction,
      a: lane.a[at] ?? UNPAIRED,
      b: lane.b[at] ?? UNPAIRED,
      lag: lane.lag[at] ?? 0,
    }
    if (status !== 'same') rows.push({ ...row, kind: status })
    const timing = lane.timing[at] ?? ON_TIME
    if (timing !== ON_TIME) rows.push({ ...row, kind: timing === EARLY ? 'early' : 'late' })
  }
  return rows.slice(0, limit)
}

async function readMessages(
  recording: Recording,
  wanted: ReadonlySet<number>,
  budget: { left: number },
): Promise<Map<number, MessageEvent>> {
  const found = new Map<number, MessageEvent>()
  const last = largest(wanted, UNPAIRED)
  let number = 0
  for await (const events of recording.events()) {
    if (number > last) break
    for (const event of events) {
      if (event.type === 'message' && wanted.has(number) && budget.left >= event.payload.length) {
        budget.left -= event.payload.length
        found.set(number, { ...event, payload: event.payload.slice() })
      }
      number++
    }
  }
  return found
}

function diffMessages(
  before: MessageEvent,
  after: MessageEvent,
  ignore: (value: Json) => Json,
): FieldChange[] {
  let changes: FieldChange[] = []
  for (const field of ['opcode', 'event'] as const) {
    const [old, young] = [before[field], after[field]]
    if (old !== undefined && young !== undefined && old !== young)
      changes.push({ path: field, before: old, after: young })
  }
  const [left, right] = [readPayload(before, ignore), readPayload(after, ignore)]
  if (left.json !== undefined && right.json !== undefined)
    changes = [...changes, ...diffJson(left.json, right.json)]
  else if (left.text !== right.text || before.dropped !== after.dropped)
    changes.push({ path: '$', before: plain(left.json ?? left.text), after: plain(right.json ?? right.text) })
  return changes
}

function readPayload(
  message: MessageEvent,
  ignore: (value: Json) => Json,
): { readonly text: string; readonly json?: Json } {
  if (message.dropped !== undefined) return { text: `${message.dropped} bytes, not kept` }
  const text = decode(message.payload)
  if (text === undefined) return { text: `base64:${Buffer.from(message.payload).toString('base64')}` }
  const json = parseJson(text)
  return json === undefined ? { text } : { text, json: ignore(json) }
}
