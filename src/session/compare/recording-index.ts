/**
 * A recording reduced to what a comparison needs: some tens of bytes per message, without payloads. It is plain data, so that
 * another thread can make it.
 */
import type { Direction } from '../../shared/event.ts'
import type { LifecycleFacts } from './lifecycle.ts'

/** The columns of packets, and of messages whose protocol is not known. */
const COLUMNS = {
  /** 1 if it was sent. */
  out: Uint8Array,
  /** Number of the event in its recording, from 0, and position among those that end in it. */
  event: Uint32Array,
  part: Uint32Array,
  /** Position of the line of the message in its file. -1 if it has to be read with the events before it. */
  offset: Float64Array,
  /** 1 for a heartbeat. */
  heartbeat: Uint8Array,
  /** Where its ids begin in those of the connection. */
  idsAt: Uint32Array,
  /** Session times in ms: of the message, and of the open of its attempt. */
  time: Float64Array,
  opened: Float64Array,
  /** See `Contents`. */
  exact: Uint32Array,
  similar: Uint32Array,
  shape: Uint32Array,
  kind: Uint32Array,
  form: Uint32Array,
}
type Column = keyof typeof COLUMNS
const NAMES = Object.keys(COLUMNS) as readonly Column[]
/** Columns of numbers of contents. */
const CONTENTS = ['exact', 'similar', 'shape', 'kind', 'form'] as const

/** Numbers of an id: its kind with its side, its value, and 1 if a request may use it again. */
export const ID_SIZE = 3

/** The instance types of `COLUMNS`, with buffers that can be transferred. */
type Columns = {
  readonly [Name in Column]: (typeof COLUMNS)[Name] extends Float64ArrayConstructor
    ? Float64Array<ArrayBuffer>
    : (typeof COLUMNS)[Name] extends Uint8ArrayConstructor
      ? Uint8Array<ArrayBuffer>
      : Uint32Array<ArrayBuffer>
}

/** Messages in order, as columns. */
export type Lane = Columns & {
  readonly length: number
  /** The ids of all messages: for each message the count of numbers, and then its ids. First a 0 for those without ids. */
  readonly ids: Uint32Array<ArrayBuffer>
}

/** A connection, with its messages in both directions. */
export interface ConnectionIndex {
  readonly id: number
  /** Its first event. */
  readonly first: number
  readonly lifecycle: LifecycleFacts
  /** What its first request sends: see `Contents.exact`. Undefined if it sends nothing. */
  readonly request: number | undefined
  readonly ids: Lane['ids']
  readonly columns: Columns
}

/** Small, because many connections have few messages. */
const FIRST_CAPACITY = 8

/** Columns that grow together. */
export class GrowingColumns {
  length = 0
  #capacity = FIRST_CAPACITY
  #columns = columnsOf((name) => new COLUMNS[name](FIRST_CAPACITY))

  /** Makes room for one more row, with the number `length`, and returns the columns to write it into. */
  addRow(): Columns {
    if (this.length++ === this.#capacity) {
      this.#capacity *= 2
      const before = this.#columns
      this.#columns = columnsOf((name) => {
        const grown = new COLUMNS[name](this.#capacity)
        grown.set(before[name])
        return grown
      })
    }
    return this.#columns
  }

  /** The columns so far, valid until the next row. */
  views(): Columns {
    return columnsOf((name) => this.#columns[name].subarray(0, this.length))
  }
}

function columnsOf(make: (name: Column) => Columns[Column]): Columns {
  return Object.fromEntries(NAMES.map((name) => [name, make(name)])) as Columns
}

export const EMPTY_LANE: Lane = { ...new GrowingColumns().views(), length: 0, ids: Uint32Array.of(0) }

/** The messages of a connection in one direction, or in both. */
export function laneOf({ ids, columns }: ConnectionIndex, direction: Direction | undefined): Lane {
  const { out } = columns
  const wanted = direction === 'out' ? 1 : 0
  let count = out.length
  if (direction !== undefined) {
    count = 0
    for (let at = 0; at < out.length; at++) if (out[at] === wanted) count++
  }
  if (count === out.length) return { ...columns, length: count, ids }
  const kept = positionsOf(out, wanted, count)
  return { ...columnsOf((name) => pick(columns[name], kept)), length: count, ids }
}

/** The positions of a value that occurs `count` times. */
function positionsOf(values: Uint8Array, wanted: number, count: number): Uint32Array {
  const positions = new Uint32Array(count)
  let found = 0
  for (let at = 0; at < values.length; at++) if (values[at] === wanted) positions[found++] = at
  return positions
}

/** The values at the positions. */
function pick<T extends Columns[Column]>(values: T, positions: Uint32Array): T {
  const picked = values.slice(0, positions.length) as T
  for (let at = 0; at < positions.length; at++) picked[at] = values[positions[at] ?? 0] ?? 0
  return picked
}

/**
 * Replaces the numbers of contents, in place, by those that `numbers` has for them: then the connections can be compared with
 * those of another reader. See `ContentReader.numbersOf`.
 */
export function renumber(
  connections: readonly ConnectionIndex[],
  numbers: Uint32Array,
): readonly ConnectionIndex[] {
  return connections.map((connection) => {
    const { request, columns, ids } = connection
    for (const name of CONTENTS) {
      const column = columns[name]
      for (let at = 0; at < column.length; at++) column[at] = numbers[column[at] ?? 0] ?? 0
    }
    for (let at = 0; at < ids.length; at++) {
      const end = at + (ids[at] ?? 0)
      for (; at < end; at += ID_SIZE) {
        ids[at + 1] = numbers[ids[at + 1] ?? 0] ?? 0
        ids[at + 2] = numbers[ids[at + 2] ?? 0] ?? 0
      }
    }
    return { ...connection, request: request === undefined ? undefined : numbers[request] }
  })
}

/** Smaller buffers are copied, since a connection has more than a dozen. */
const LEAST_TRANSFERRED = 4096

/** The large buffers, which can be transferred to another thread. */
export function largeBuffers(connections: readonly ConnectionIndex[]): ArrayBuffer[] {
  return connections
    .flatMap(({ ids, columns }) => [ids, ...Object.values(columns)])
    .map(({ buffer }) => buffer)
    .filter(({ byteLength }) => byteLength >= LEAST_TRANSFERRED)
}
