/** Encodes an event as a row, further fields and a payload, and decodes it without loss. */

import type {
  ExtraFields,
  Headers,
  MarkEvent,
  MessageEvent,
  PayloadEvent,
  RealtimeEvent,
  RequestEvent,
  ResponseEvent,
} from '../shared/event.ts'
import {
  FAULTED_MESSAGE,
  KIND_BIT,
  packKind,
  typeOf,
  UNKNOWN_SIZE,
  unpackKind,
} from '../shared/event-columns.ts'
import {
  EVENT_TRAITS,
  EVENT_TYPES,
  type EventType,
  isPayloadType,
  type PayloadType,
} from '../shared/event-types.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import { type BatchRow, emptyRow, FLAG, type Row } from './column-segments.ts'
import type { EventNames } from './event-names.ts'
import { type LifecycleEvent, lifecycleName } from './lifecycle-name.ts'
import type { RepeatedFields } from './repeated-fields.ts'

const NOTHING = new Uint8Array(0)
const MAX_16 = 0xffff
/** Matches what UTF-8 cannot represent. */
const LONE_SURROGATE = /\p{Surrogate}/u

/** Kinds without any flag. */
export const KINDS = Object.fromEntries(EVENT_TYPES.map((type) => [type, packKind({ type })])) as Record<
  EventType,
  number
>

/** Encodes the columns that all messages of a batch share. */
export class BatchEncoder {
  readonly #eventNames: EventNames
  /** Most batches are like the one before. */
  #compressed: boolean | undefined
  #event: string | undefined
  #latest: BatchRow | undefined

  constructor(eventNames: EventNames) {
    this.#eventNames = eventNames
  }

  /** Undefined if the event name cannot be kept for all of them. */
  encode({ frame, event }: MessageBatch): BatchRow | undefined {
    const compressed = frame?.compressed
    if (this.#latest === undefined || compressed !== this.#compressed || event !== this.#event) {
      this.#compressed = compressed
      this.#event = event
      this.#latest = this.#encode(compressed, event)
    }
    return this.#latest
  }

  #encode(compressed: boolean | undefined, event: string | undefined): BatchRow | undefined {
    const names = this.#eventNames
    const eventName = event === undefined ? 0 : names.intern(event)
    if (!names.isExact(eventName)) return undefined
    const flags = (compressed === undefined ? 0 : FLAG.compressed) | (event === undefined ? 0 : FLAG.event)
    const text = KINDS.message | (compressed === true ? KIND_BIT.compressed : 0)
    return {
      flags: FLAG.opcode | flags,
      kinds: [text, text | KIND_BIT.binary],
      eventName,
      frames: compressed === undefined ? 0 : 1,
    }
  }
}

/** Encodes events. Reuse one instance, so that a small message allocates nothing but its record. */
export class Encoder {
  readonly row = emptyRow()
  /** The part of the record before the payload. */
  meta: string | undefined
  payload: Uint8Array = NOTHING
  readonly #eventNames: EventNames
  readonly #requests = new RequestJson()
  readonly #responseHeaders = new HeadersJson()

  constructor(eventNames: EventNames) {
    this.#eventNames = eventNames
  }

  /** Sets `row` except for its offset, `meta` and `payload`. */
  encode(event: RealtimeEvent): void {
    const { row } = this
    row.time = event.time
    row.kind = KINDS[event.type]
    row.flags = 0
    row.wireSize = UNKNOWN_SIZE
    row.eventName = 0
    row.frames = 0
    this.meta = undefined
    if ('payload' in event) this.#encodePayloadEvent(event)
    else if (isPlainCycle(event)) this.#encodeCycle(event)
    else this.#encodeOther(event)
  }

  #encodePayloadEvent(event: PayloadEvent): void {
    const { row } = this
    row.size = event.dropped ?? event.payload.length
    this.payload = event.payload
    let odd = false
    if (event.dropped !== undefined) {
      row.flags |= FLAG.hollow
      this.payload = NOTHING
    }
    if (event.wireSize !== undefined) {
      if (event.wireSize < UNKNOWN_SIZE) row.wireSize = event.wireSize
      else odd = true
    }
    row.connection = event.connection
    if (event.connection > MAX_16 || event.extra !== undefined) odd = true
    if ('direction' in event && event.direction === 'out') row.kind |= KIND_BIT.out
    if (event.type === 'message' && this.#encodeMessage(event)) odd = true
    if (odd) this.#setJson(oddFields(event, this.#eventNames))
    else if (event.type === 'message' && event.id !== undefined) {
      if (!LONE_SURROGATE.test(event.id)) {
        row.flags |= FLAG.id
        this.meta = event.id
      } else this.#setJson({ id: event.id })
    }
  }

  /** Returns true if the columns cannot hold all of the event. */
  #encodeMessage(event: MessageEvent): boolean {
    const { row } = this
    if (event.opcode !== undefined) {
      row.flags |= FLAG.opcode
      if (event.opcode === 'binary') row.kind |= KIND_BIT.binary
    }
    if (event.compressed !== undefined) {
      row.flags |= FLAG.compressed
      if (event.compressed) row.kind |= KIND_BIT.compressed
    }
    if (event.direction === 'in' && event.truncated) row.kind |= KIND_BIT.truncated
    if (event.direction === 'out' && event.automatic !== undefined) row.kind |= KIND_BIT.automatic
    if (event.faults !== undefined && event.faults.length > 0) row.kind |= FAULTED_MESSAGE
    if (event.frames !== undefined && event.frames <= MAX_16) row.frames = event.frames
    if (event.event !== undefined) {
      row.flags |= FLAG.event
      row.eventName = this.#eventNames.intern(event.event)
      if (!this.#eventNames.isExact(row.eventName)) return true
    }
    if (event.sameId !== undefined || event.framing !== undefined || event.oddities !== undefined) return true
    if (event.automatic !== undefined || !isTruncationExact(event)) return true
    if (event.faults !== undefined || event.initiator !== undefined) return true
    return event.frames === 0 || (event.frames ?? 0) > MAX_16
  }

  #encodeOther(event: LifecycleEvent): void {
    const { row } = this
    this.payload = NOTHING
    row.size = 0
    const { type, time: _, ...rest } = event
    const connection = 'connection' in event ? event.connection : carriedConnection(event.extra)
    row.connection = Math.min(connection, MAX_16)
    const fields: Record<string, unknown> = rest
    if (connection <= MAX_16) delete fields.connection
    if (event.type === 'close' && event.wireSize !== undefined && event.wireSize < UNKNOWN_SIZE) {
      row.wireSize = event.wireSize
      delete fields.wireSize
    }
    if (event.type === 'response' && event.empty) row.kind |= KIND_BIT.empty
    if (event.type === 'request' && event.automatic !== undefined) row.kind |= KIND_BIT.automatic
    if (EVENT_TRAITS[type].isLasting) row.flags |= FLAG.lifecycle
    row.eventName = this.#eventNames.intern(lifecycleName(event))
    this.#setJson(fields)
  }

  /** A faster `#encodeOther` for the events that every cycle of a poll repeats. */
  #encodeCycle(event: CycleEvent): void {
    const { row } = this
    this.payload = NOTHING
    row.size = 0
    row.connection = event.connection
    row.eventName = this.#eventNames.intern(lifecycleName(event))
    row.flags |= FLAG.json
    if (event.type === 'request') {
      this.meta = this.#requests.of(event)
      return
    }
    const { status, headers, held, empty, cursor, timing, requestHeadSize, headSize } = event
    if (empty) row.kind |= KIND_BIT.empty
    let more = cursor === undefined ? '' : `,"cursor":${JSON.stringify(cursor)}`
    if (timing !== undefined) more += `,"timing":${JSON.stringify(timing)}`
    if (requestHeadSize !== undefined) more += `,"requestHeadSize":${requestHeadSize}`
    if (headSize !== undefined) more += `,"headSize":${headSize}`
    this.meta = `{"status":${status},"headers":${this.#responseHeaders.of(headers)},"held":${held},"empty":${empty}${more}}`
  }

  #setJson(fields: Record<string, unknown>): void {
    this.row.flags |= FLAG.json
    this.meta = JSON.stringify(fields)
  }
}

type CycleEvent = RequestEvent | ResponseEvent

/** Whether the event belongs to a poll's cycle and has only the usual fields. */
function isPlainCycle(event: LifecycleEvent): event is CycleEvent {
  if (event.type === 'response') {
    if (!Number.isFinite(event.held) || !Number.isFinite(event.status)) return false
    const { redirects, challenges, head, oddities } = event
    if ([redirects, challenges, head, oddities].some((field) => field !== undefined)) return false
  } else if (event.type !== 'request' || !isPlainRequest(event)) return false
  return event.extra === undefined && event.connection <= MAX_16
}

function isPlainRequest({ method, body, automatic }: RequestEvent): boolean {
  return method === undefined && body === undefined && automatic === undefined
}

/** JSON of header fields. Caches the last result, because the fields seldom change. */
class HeadersJson {
  #last: Headers = {}
  #json = '{}'

  of(headers: Headers): string {
    if (!haveSameFields(headers, this.#last)) this.#json = JSON.stringify(headers)
    this.#last = headers
    return this.#json
  }
}

/** Returns true only if both have the same fields in the same order, each with a single value. */
function haveSameFields(one: Headers, other: Headers): boolean {
  if (one === other) return true
  const names = Object.keys(one)
  const others = Object.keys(other)
  if (names.length !== others.length) return false
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? ''
    const value = one[name]
    if (name !== others[index] || typeof value !== 'string' || value !== other[name]) return false
  }
  return true
}

/** JSON of a `request`. Caches the last result, because requests seldom change. */
class RequestJson {
  #url: string | undefined
  #headers: Headers | undefined
  #cursor: string | undefined
  #json = ''

  of({ url, headers, cursor }: RequestEvent): string {
    const isSame = url === this.#url && cursor === this.#cursor
    if (!isSame || this.#headers === undefined || !haveSameFields(headers, this.#headers))
      this.#json = JSON.stringify({ url, headers, cursor })
    this.#url = url
    this.#headers = headers
    this.#cursor = cursor
    return this.#json
  }
}

/** Whether the kind of a message says all about `truncated`. */
function isTruncationExact({ direction, truncated }: MessageEvent): boolean {
  return truncated === undefined || (truncated && direction === 'in')
}

/** The fields of a payload event that no column can hold exactly. */
function oddFields(event: PayloadEvent, eventNames: EventNames): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  if (event.extra !== undefined) fields.extra = event.extra
  if (event.connection > MAX_16) fields.connection = event.connection
  if (event.wireSize !== undefined && event.wireSize >= UNKNOWN_SIZE) fields.wireSize = event.wireSize
  if (event.type !== 'message') return fields
  if (event.id !== undefined) fields.id = event.id
  if (event.sameId !== undefined) fields.sameId = event.sameId
  if (event.framing !== undefined) fields.framing = event.framing
  if (event.oddities !== undefined) fields.oddities = event.oddities
  if (event.event !== undefined && !eventNames.isExact(eventNames.intern(event.event)))
    fields.event = event.event
  if (event.frames !== undefined && (event.frames === 0 || event.frames > MAX_16))
    fields.frames = event.frames
  if (!isTruncationExact(event)) fields.truncated = event.truncated
  if (event.automatic !== undefined) fields.automatic = event.automatic
  if (event.faults !== undefined) fields.faults = event.faults
  if (event.initiator !== undefined) fields.initiator = event.initiator
  return fields
}

/** The connection of an event whose type this version does not know; 0 if it has none. */
function carriedConnection(extra: ExtraFields | undefined): number {
  const connection = extra?.connection
  return typeof connection === 'number' && Number.isInteger(connection) && connection > 0 ? connection : 0
}

/** Decodes an event. `meta` and `payload` are undefined if the record is no longer kept. `repeated` parses `meta`. */
export function decode(
  row: Row,
  eventName: string,
  meta: string | undefined,
  payload: Uint8Array | undefined,
  repeated: RepeatedFields,
): RealtimeEvent {
  const type = typeOf(row.kind)
  const fields = meta !== undefined && row.flags & FLAG.json ? repeated.parse(meta) : undefined
  if (isPayloadType(type)) return decodePayloadEvent(type, row, eventName, meta, fields, payload)
  if (fields === undefined) return standIn(type, row)
  const connection = type === 'mark' ? {} : { connection: row.connection }
  const wireSize = row.wireSize === UNKNOWN_SIZE ? {} : { wireSize: row.wireSize }
  return { type, ...connection, time: row.time, ...wireSize, ...fields } as unknown as RealtimeEvent
}

function decodePayloadEvent(
  type: PayloadType,
  row: Row,
  eventName: string,
  meta: string | undefined,
  fields: Readonly<Record<string, unknown>> | undefined,
  payload: Uint8Array | undefined,
): RealtimeEvent {
  const { direction, binary, compressed, truncated } = unpackKind(row.kind)
  const { flags } = row
  const gone = (flags & FLAG.hollow) !== 0 || (payload === undefined && row.size > 0)
  return {
    type,
    connection: row.connection,
    time: row.time,
    ...(direction === undefined ? {} : { direction }),
    ...(row.wireSize === UNKNOWN_SIZE ? {} : { wireSize: row.wireSize }),
    ...(flags & FLAG.opcode ? { opcode: binary ? 'binary' : 'text' } : {}),
    ...(row.frames === 0 ? {} : { frames: row.frames }),
    ...(flags & FLAG.compressed ? { compressed } : {}),
    ...(flags & FLAG.event ? { event: eventName } : {}),
    ...(flags & FLAG.id && meta !== undefined ? { id: meta } : {}),
    ...(truncated ? { truncated } : {}),
    ...fields,
    payload: gone ? NOTHING : (payload ?? NOTHING),
    ...(gone ? { dropped: row.size } : {}),
  } as unknown as RealtimeEvent
}

/** Stands in for an event whose details are no longer kept. */
function standIn(type: EventType, row: Row): MarkEvent {
  return {
    type: 'mark',
    time: row.time,
    text: `${type} (its details were dropped to stay within the limits)`,
    extra: { type, connection: row.connection, time: row.time, dropped: true },
  }
}
