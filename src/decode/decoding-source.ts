/** What decoders read a session from. */
import type { ConnectEvent, OpenEvent, RealtimeEvent } from '../shared/event.ts'
import { type ColumnView, isOut, KIND_BIT } from '../shared/event-columns.ts'
import type { CurrentMessage } from './current-message.ts'
import { asBuffer } from './values.ts'

/** The columns of one event. */
export interface EventRow {
  readonly time: number
  readonly kind: number
  readonly connection: number
  readonly size: number
  readonly eventName: number
}

/** A session as a decoder reads it: a capture, or a file. */
export interface DecodingSource {
  readonly count: number
  readonly firstKept: number
  readonly eventNames: readonly string[]
  row(index: number): EventRow
  /** Columns that an event is in, with those around it. Valid only until more events come. */
  columnsAround?(index: number): Pick<ColumnView, 'first' | 'count' | 'connection'>
  /** The whole event. */
  peek(index: number): RealtimeEvent
  /** The first bytes of a payload; undefined if it is no longer kept. */
  payload(index: number, maxBytes?: number): Uint8Array | undefined
  /** As `payload`, but gives it to `taker`, which may use it until the next call. Returns false if it was dropped. */
  givePayload?(index: number, maxBytes: number | undefined, taker: PayloadTaker): boolean
}

/** Gets a payload as the part of `bytes` from `from` up to `to`. */
export interface PayloadTaker {
  take(bytes: Buffer, from: number, to: number): void
}

/** How a connection started, as far as it is known. */
export interface DecodingStart {
  readonly connect?: ConnectEvent
  readonly open?: OpenEvent
}

/** Sets a message, with at most `reads` bytes of its payload. Returns false if it was dropped. */
export function readMessage(
  source: DecodingSource,
  index: number,
  { time, kind, size, eventName }: EventRow,
  reads: number | undefined,
  into: CurrentMessage,
): boolean {
  if (!readPayload(source, index, reads, into)) return false
  into.number = index
  into.time = time
  into.direction = isOut(kind) ? 'out' : 'in'
  into.binary = (kind & KIND_BIT.binary) !== 0
  into.eventName = source.eventNames[eventName] ?? ''
  into.size = size
  return true
}

function readPayload(
  source: DecodingSource,
  index: number,
  reads: number | undefined,
  taker: PayloadTaker,
): boolean {
  if (source.givePayload !== undefined) return source.givePayload(index, reads, taker)
  const payload = source.payload(index, reads)
  if (payload === undefined) return false
  taker.take(asBuffer(payload), 0, payload.length)
  return true
}
