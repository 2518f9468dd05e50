/** Events as columns: what the capture keeps in memory and the panel paints from, a few bytes an event. */
import { type Direction, EVENT_TYPES, type EventType } from './event.ts'

/** `wireSize` column value where the size is unknown. */
export const UNKNOWN_SIZE = 0xffffffff

const OUT = 0x10
const BINARY = 0x20
const COMPRESSED = 0x40
/** A poll's answer that brought nothing, or a record cut short. */
const LACKING = 0x80

export interface Kind {
  readonly type: EventType
  readonly direction: Direction | undefined
  readonly binary: boolean
  readonly compressed: boolean
  readonly lacking: boolean
}

const DIRECTED: ReadonlySet<EventType> = new Set(['message', 'ping', 'pong'])

/** Packs an event's type and flags into one byte. */
export function packKind(kind: Kind): number {
  return (
    EVENT_TYPES.indexOf(kind.type) |
    (kind.direction === 'out' ? OUT : 0) |
    (kind.binary ? BINARY : 0) |
    (kind.compressed ? COMPRESSED : 0) |
    (kind.lacking ? LACKING : 0)
  )
}

/** The event type of a packed kind. */
export function typeOf(kind: number): EventType {
  return EVENT_TYPES[kind & 0x0f] ?? 'mark'
}

/** Whether the event of a packed kind was sent; false also for those that go neither way. */
export function isOut(kind: number): boolean {
  return (kind & OUT) !== 0
}

/** The inverse of `packKind`. */
export function unpackKind(kind: number): Kind {
  const type = typeOf(kind)
  return {
    type,
    direction: DIRECTED.has(type) ? (kind & OUT ? 'out' : 'in') : undefined,
    binary: (kind & BINARY) !== 0,
    compressed: (kind & COMPRESSED) !== 0,
    lacking: (kind & LACKING) !== 0,
  }
}

/** Columns of `count` consecutive events, the first of them event number `first` (from 0). */
export interface ColumnBatch {
  readonly first: number
  readonly count: number
  /** Milliseconds since the session started. */
  readonly time: Float64Array<ArrayBuffer>
  readonly kind: Uint8Array<ArrayBuffer>
  /** 0 for a `mark`. */
  readonly connection: Uint16Array<ArrayBuffer>
  /** Payload bytes. */
  readonly size: Uint32Array<ArrayBuffer>
  /** Bytes on the connection, or `UNKNOWN_SIZE`. */
  readonly wireSize: Uint32Array<ArrayBuffer>
  /** Index into the session's labels; 0 is the empty label. */
  readonly label: Uint16Array<ArrayBuffer>
}

/** Empty columns for up to `capacity` events. */
export function allocateColumns(first: number, capacity: number): ColumnBatch {
  return {
    first,
    count: capacity,
    time: new Float64Array(capacity),
    kind: new Uint8Array(capacity),
    connection: new Uint16Array(capacity),
    size: new Uint32Array(capacity),
    wireSize: new Uint32Array(capacity),
    label: new Uint16Array(capacity),
  }
}

/** The buffers of a batch, for a transfer list. */
export function columnBuffers(batch: ColumnBatch): ArrayBuffer[] {
  return [batch.time, batch.kind, batch.connection, batch.size, batch.wireSize, batch.label].map(
    (c) => c.buffer,
  )
}
