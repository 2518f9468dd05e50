/** A recording reduced to what a comparison needs: some tens of bytes per message, without payloads. */

import type { Recording } from '../../capture/recording.ts'
import type { Direction } from '../../shared/event.ts'
import { isOut } from '../../shared/event-columns.ts'
import { growingBytes, growingFloats, growingInts } from '../../shared/growing.ts'
import { getOrMake } from '../../shared/maps.ts'
import type { ScannedLine } from '../line-scan.ts'
import type { ContentReader, Contents } from './contents.ts'
import { Lifecycle } from './lifecycle.ts'
import { PlainLines } from './plain-lines.ts'
import { readUnits, type Unit, type UnitOptions, type UnitsOfEvent } from './units.ts'

/** The columns of a packet, or of a message whose protocol is not known. */
const COLUMNS = {
  /** Number of the event in its recording, from 0, and position among those that end in it. */
  event: growingInts,
  part: growingInts,
  /** Position of the line of the message in its file. -1 if it has to be read with the events before it. */
  offset: growingFloats,
  /** 1 for a heartbeat. */
  heartbeat: growingBytes,
  /** Where its ids begin in those of the connection. */
  idsAt: growingInts,
  /** Session times in ms: of the message, and of the open of its attempt. */
  time: growingFloats,
  opened: growingFloats,
  /** See `Contents`. */
  exact: growingInts,
  similar: growingInts,
  shape: growingInts,
  kind: growingInts,
  form: growingInts,
}
type Column = keyof typeof COLUMNS
const NAMES = Object.keys(COLUMNS) as readonly Column[]

/** Messages in order, as columns. */
export type Lane = {
  readonly length: number
  /** The ids of all messages: for each message their number, and then the ids, see `ContentReader.idsOf`. */
  readonly ids: Uint32Array
} & {
  readonly [Name in Column]: ReturnType<ReturnType<(typeof COLUMNS)[Name]>['view']>
}

/** The position of messages that have no ids in the ids of a connection. */
const NO_IDS_AT = 0

export class IndexedConnection {
  readonly id: number
  /** Its first event. */
  readonly first: number
  readonly lifecycle = new Lifecycle()
  opened: number | undefined
  /** What its first request sends: see `Contents.exact`. Undefined if it sends nothing. */
  request: number | undefined
  readonly #out = growingBytes()
  readonly #ids = growingInts()
  readonly #columns = growingColumns()
  #outbound = 0

  constructor(id: number, first: number) {
    this.id = id
    this.first = first
    this.#ids.push(0)
  }

  add(unit: Unit, event: number, contents: ContentReader): Contents {
    const { message, part, isHeartbeat } = unit
    const content = contents.read(unit)
    const ids = contents.idsOf(unit)
    const idsAt = ids.length === 0 ? NO_IDS_AT : this.#ids.length
    if (ids.length > 0) this.#ids.push(ids.length)
    for (const id of ids) this.#ids.push(id)
    const columns = this.#columns
    columns.part.push(part)
    columns.heartbeat.push(isHeartbeat ? 1 : 0)
    columns.idsAt.push(idsAt)
    columns.offset.push(-1)
    this.#addMessage(event, message.time, message.direction === 'out', content)
    return content
  }

  /** Adds a message that is a unit of its own, by its line. */
  addLine(event: number, { head: { row }, offset }: ScannedLine, content: Contents): void {
    const columns = this.#columns
    columns.part.push(0)
    columns.heartbeat.push(0)
    columns.idsAt.push(NO_IDS_AT)
    columns.offset.push(offset)
    this.#addMessage(event, row.time, isOut(row.kind), content)
  }

  #addMessage(event: number, time: number, isOutbound: boolean, content: Contents): void {
    this.opened ??= time
    const columns = this.#columns
    columns.event.push(event)
    columns.time.push(time)
    columns.opened.push(this.opened)
    columns.exact.push(content.exact)
    columns.similar.push(content.similar)
    columns.shape.push(content.shape)
    columns.kind.push(content.kind)
    columns.form.push(content.form)
    this.#out.push(isOutbound ? 1 : 0)
    if (isOutbound) this.#outbound++
  }

  /** The messages in one direction, or in both. */
  lane(direction: Direction | undefined): Lane {
    const out = this.#out.view()
    const count =
      direction === undefined
        ? out.length
        : direction === 'out'
          ? this.#outbound
          : out.length - this.#outbound
    const kept = count === out.length ? undefined : positionsOf(out, direction === 'out' ? 1 : 0, count)
    const columns = NAMES.map((name) => {
      const all = this.#columns[name].view()
      return [name, kept === undefined ? all : pick(all, kept)]
    })
    return { length: count, ids: this.#ids.view(), ...Object.fromEntries(columns) }
  }
}

function growingColumns(): { readonly [Name in Column]: ReturnType<(typeof COLUMNS)[Name]> } {
  const entries = NAMES.map((name) => [name, COLUMNS[name]()])
  return Object.fromEntries(entries)
}

/** The positions of a value that occurs `count` times. */
function positionsOf(values: Uint8Array, wanted: number, count: number): Uint32Array {
  const positions = new Uint32Array(count)
  let found = 0
  for (let at = 0; at < values.length; at++) if (values[at] === wanted) positions[found++] = at
  return positions
}

/** The values at the positions. */
function pick<T extends Float64Array | Uint32Array | Uint8Array>(values: T, positions: Uint32Array): T {
  const picked = values.slice(0, positions.length) as T
  for (let at = 0; at < positions.length; at++) picked[at] = values[positions[at] ?? 0] ?? 0
  return picked
}

export const EMPTY_LANE: Lane = new IndexedConnection(0, 0).lane(undefined)

/** Reads a recording once. Both sides of a comparison must be read with the same `contents`. */
export async function indexRecording(
  recording: Recording,
  contents: ContentReader,
  options: UnitOptions & { readonly normalizeIds?: boolean } = {},
): Promise<IndexedConnection[]> {
  const index = new RecordingIndex(contents, options.normalizeIds === true)
  await readUnits(recording, options, index)
  return index.connections()
}

class RecordingIndex {
  readonly #contents: ContentReader
  readonly #normalizeIds: boolean
  readonly #lines: PlainLines
  readonly #connections = new Map<number, IndexedConnection>()

  constructor(contents: ContentReader, normalizeIds: boolean) {
    this.#contents = contents
    this.#normalizeIds = normalizeIds
    this.#lines = new PlainLines(contents)
  }

  connections(): IndexedConnection[] {
    return [...this.#connections.values()].sort((a, b) => a.first - b.first)
  }

  units({ number, event, units, protocol }: UnitsOfEvent): void {
    const connection = this.#connection(event.connection, number)
    if (event.type === 'open') connection.opened = event.time
    if (event.type !== 'message') connection.lifecycle.add(event, this.#normalizeIds ? protocol : undefined)
    for (const unit of units) {
      const { exact } = connection.add(unit, number, this.#contents)
      if (event.type === 'connect') connection.request ??= exact
    }
  }

  line(number: number, line: ScannedLine): boolean {
    const content = this.#lines.read(line)
    if (content === undefined) return false
    this.#connection(line.head.row.connection, number).addLine(number, line, content)
    return true
  }

  #connection(id: number, first: number): IndexedConnection {
    return getOrMake(this.#connections, id, () => new IndexedConnection(id, first))
  }
}
