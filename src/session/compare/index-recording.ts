/** A recording reduced to what a comparison needs: some tens of bytes per message, without payloads. */

import type { Recording } from '../../capture/recording.ts'
import type { Direction } from '../../shared/event.ts'
import { growingBytes, growingFloats, growingInts } from '../../shared/growing.ts'
import { getOrMake } from '../../shared/maps.ts'
import type { ContentReader, Contents } from './contents.ts'
import { Lifecycle } from './lifecycle.ts'
import { readUnits, type Unit, type UnitOptions } from './units.ts'

/** The columns of a packet, or of a message whose protocol is not known. */
const COLUMNS = {
  /** Number of the event in its recording, from 0, and position among those that end in it. */
  event: growingInts,
  part: growingInts,
  /** 1 for a heartbeat. */
  heartbeat: growingInts,
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
  readonly #columns = NAMES.map((name) => ({ name, values: COLUMNS[name]() }))

  constructor(id: number, first: number) {
    this.id = id
    this.first = first
  }

  add(unit: Unit, event: number, contents: ContentReader): Contents {
    const { message, part, isHeartbeat } = unit
    const { time } = message
    this.opened ??= time
    const content = contents.read(unit)
    const ids = contents.idsOf(unit)
    const row: Readonly<Record<Column, number>> = {
      event,
      part,
      heartbeat: isHeartbeat ? 1 : 0,
      idsAt: this.#ids.length,
      time,
      opened: this.opened,
      ...content,
    }
    this.#ids.push(ids.length)
    for (const id of ids) this.#ids.push(id)
    this.#out.push(message.direction === 'out' ? 1 : 0)
    for (const { name, values } of this.#columns) values.push(row[name])
    return content
  }

  /** The messages in one direction, or in both. */
  lane(direction: Direction | undefined): Lane {
    const out = this.#out.view()
    const wanted = direction === 'out' ? 1 : 0
    const kept = Uint32Array.from(out.keys()).filter(
      (index) => direction === undefined || out[index] === wanted,
    )
    const columns = this.#columns.map(({ name, values }) => {
      const all = values.view()
      return [name, kept.length === all.length ? all : pick(all, kept)]
    })
    return { length: kept.length, ids: this.#ids.view(), ...Object.fromEntries(columns) }
  }
}

/** The values at the positions. */
function pick<T extends Float64Array | Uint32Array | Uint8Array>(values: T, positions: Uint32Array): T {
  const picked = values.slice(0, positions.length) as T
  for (const [at, position] of positions.entries()) picked[at] = values[position] ?? 0
  return picked
}

export const EMPTY_LANE: Lane = new IndexedConnection(0, 0).lane(undefined)

/** Reads a recording once. Both sides of a comparison must be read with the same `contents`. */
export async function indexRecording(
  recording: Recording,
  contents: ContentReader,
  options: UnitOptions & { readonly normalizeIds?: boolean } = {},
): Promise<IndexedConnection[]> {
  const connections = new Map<number, IndexedConnection>()
  for await (const events of readUnits(recording, options))
    for (const { number, event, units, protocol } of events) {
      const connection = getOrMake(
        connections,
        event.connection,
        () => new IndexedConnection(event.connection, number),
      )
      if (event.type === 'open') connection.opened = event.time
      if (event.type !== 'message')
        connection.lifecycle.add(event, options.normalizeIds === true ? protocol : undefined)
      for (const unit of units) {
        const { exact } = connection.add(unit, number, contents)
        if (event.type === 'connect') connection.request ??= exact
      }
    }
  return [...connections.values()].sort((a, b) => a.first - b.first)
}
