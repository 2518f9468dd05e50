/** Events as columns, with a few bytes for each event: what the capture keeps in memory and the panel paints. */

import type { Direction } from './event.ts'
import { EVENT_TYPES, type EventType, isDirectedType, isPayloadType } from './event-types.ts'
import { allocate, type Columns, type ColumnTable, columnNames } from './typed-columns.ts'

/** Value of `wireSize` if the size is unknown. */
export const UNKNOWN_SIZE = 0xffffffff

/** How many packed kinds there are. */
export const KIND_COUNT = 0x100

/** Bits of a packed kind. The four lowest bits hold the number of the type. */
export const KIND_BIT = {
  out: 0x10,
  binary: 0x20,
  compressed: 0x40,
  /** Of an inbound message. */
  truncated: 0x80,
  /** Of an outbound message, or of a request. */
  automatic: 0x80,
  /** Of a response. */
  empty: 0x80,
} as const
const TYPE_MASK = 0x0f

/** The number in the place of a type's for a message that a proxy did something to: all bits of a type are set. */
export const FAULTED_MESSAGE = 0x0f
const TYPES: readonly EventType[] = Array.from({ length: TYPE_MASK + 1 }, (_, number) =>
  number === FAULTED_MESSAGE ? 'message' : (EVENT_TYPES[number] ?? 'mark'),
)
const TYPE_NUMBERS = Uint8Array.from(TYPES, (type) => EVENT_TYPES.indexOf(type))

/** The facts of an event that fit into one byte. */
export interface Kind {
  readonly type: EventType
  /** Undefined for types that have no direction. */
  readonly direction: Direction | undefined
  readonly binary: boolean
  readonly compressed: boolean
  /** The stream ended inside this inbound message. */
  readonly truncated: boolean
  /** The user did not send this outbound message or request. */
  readonly automatic: boolean
  /** A proxy did something to this message on purpose. */
  readonly faulted: boolean
  /** The response brought nothing new. */
  readonly empty: boolean
}

/** Packs an event's type and flags into one byte. Flags default to false. */
export function packKind(flags: Pick<Kind, 'type'> & Partial<Kind>): number {
  const { type } = flags
  return (
    (type === 'message' && flags.faulted ? FAULTED_MESSAGE : EVENT_TYPES.indexOf(type)) |
    (flags.direction === 'out' ? KIND_BIT.out : 0) |
    (flags.binary ? KIND_BIT.binary : 0) |
    (flags.compressed ? KIND_BIT.compressed : 0) |
    (type === 'message' && flags.direction !== 'out' && flags.truncated ? KIND_BIT.truncated : 0) |
    (mayBeAutomatic(type, flags.direction === 'out') && flags.automatic ? KIND_BIT.automatic : 0) |
    (type === 'response' && flags.empty ? KIND_BIT.empty : 0)
  )
}

function mayBeAutomatic(type: EventType, isOut: boolean): boolean {
  return type === 'request' || (type === 'message' && isOut)
}

/** The event type of a packed kind. */
export function typeOf(kind: number): EventType {
  return TYPES[kind & TYPE_MASK] ?? 'mark'
}

/** The number of the event type of a packed kind in `EVENT_TYPES`. */
export function typeNumber(kind: number): number {
  return TYPE_NUMBERS[kind & TYPE_MASK] ?? 0
}

/** Whether a packed kind is that of a message that a proxy did something to. */
export function isFaulted(kind: number): boolean {
  return (kind & TYPE_MASK) === FAULTED_MESSAGE
}

/** Whether the event of a packed kind was sent; false also for events without a direction. */
export function isOut(kind: number): boolean {
  return (kind & KIND_BIT.out) !== 0
}

// Arrays by type number, because these are asked for every event.
const HAS_PAYLOAD = Uint8Array.from(TYPES, (type) => Number(isPayloadType(type)))
const HAS_DIRECTION = Uint8Array.from(TYPES, (type) => Number(isDirectedType(type)))

/** Whether events of the packed kind carry payload bytes. */
export function hasPayload(kind: number): boolean {
  return HAS_PAYLOAD[kind & TYPE_MASK] === 1
}

/** The inverse of `packKind`. */
export function unpackKind(kind: number): Kind {
  const type = typeOf(kind)
  return {
    type,
    direction: HAS_DIRECTION[kind & TYPE_MASK] === 1 ? (isOut(kind) ? 'out' : 'in') : undefined,
    binary: (kind & KIND_BIT.binary) !== 0,
    compressed: (kind & KIND_BIT.compressed) !== 0,
    truncated: type === 'message' && !isOut(kind) && (kind & KIND_BIT.truncated) !== 0,
    automatic: mayBeAutomatic(type, isOut(kind)) && (kind & KIND_BIT.automatic) !== 0,
    empty: type === 'response' && (kind & KIND_BIT.empty) !== 0,
    faulted: isFaulted(kind),
  }
}

/** The columns of an event that leave the capture. */
export const EVENT_COLUMNS = {
  /** Milliseconds since the session started. */
  time: 'f64',
  /** Packed, see `packKind`. */
  kind: 'u8',
  /** 0 for a `mark`. */
  connection: 'u16',
  /** Payload bytes. */
  size: 'u32',
  /** Bytes on the connection, or `UNKNOWN_SIZE`. */
  wireSize: 'u32',
  /**
   * Index into the session's event names; 0 is the empty name. A message has the name of its SSE event, other
   * events the status, code or transport that tells them apart in a list.
   */
  eventName: 'u16',
} as const satisfies ColumnTable

/** Columns of `count` consecutive events, the first of them event number `first` (from 0). */
export interface ColumnView extends Columns<typeof EVENT_COLUMNS, ArrayBufferLike> {
  readonly first: number
  readonly count: number
}

/** As `ColumnView`, in memory that can be transferred. */
export interface ColumnBatch extends Columns<typeof EVENT_COLUMNS> {
  readonly first: number
  readonly count: number
}

/** Events that can be read as columns. */
export interface ColumnSource {
  /** The events are numbered from `firstKept` up to, but not including, `count`. */
  readonly firstKept: number
  readonly count: number
  /** Columns of up to `max` events from `from`, or from the oldest kept. */
  columns(from: number, max: number): ColumnBatch
}

/** Empty columns for up to `capacity` events. */
export function allocateColumns(first: number, capacity: number): ColumnBatch {
  return { first, count: capacity, ...allocate(EVENT_COLUMNS, capacity) }
}

/** The buffers of a batch, for a transfer list. */
export function columnBuffers(batch: ColumnBatch): ArrayBuffer[] {
  return columnNames(EVENT_COLUMNS).map((name) => batch[name].buffer)
}

/** Whether an event may have packets of a sub-protocol: a message, or a request that may have a body. */
export function mayHoldPackets(kind: number): boolean {
  const type = typeOf(kind)
  return type === 'message' || type === 'connect' || type === 'request'
}
