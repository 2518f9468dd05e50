/** An event as rules see it: its columns at once, the rest only if a rule asks for it. */
import type { DecodedEvent } from '../shared/decoded.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { isOut, KIND_BIT, packKind, typeOf, UNKNOWN_SIZE } from '../shared/event-columns.ts'
import type { EventType } from '../shared/event-types.ts'

/** The object is reused for the next event: copy what you keep. */
export interface RuleEvent {
  /** Counted from 0. */
  readonly number: number
  /** Session time in ms. */
  readonly time: number
  /** 0 for a mark. */
  readonly connection: number
  readonly type: EventType
  readonly isOut: boolean
  readonly isBinary: boolean
  readonly isCompressed: boolean
  /** Of a response: it brought nothing new. */
  readonly isEmpty: boolean
  /** Bytes of payload; 0 for types without one. */
  readonly size: number
  /** Bytes on the connection; undefined if unknown. */
  readonly wireSize: number | undefined
  /** The whole event. Its payload is valid only during the call. Reading it takes longer than reading columns. */
  readonly full: RealtimeEvent
  /** The packets of a sub-protocol that end in it. Only for rules that read payloads. */
  readonly decoded: readonly DecodedEvent[]
  /**
   * The whole number at a place of a payload that is a JSON object, such as `data.seq`, also if it is written in a string.
   * Undefined if it cannot be told without parsing the payload: look in `json` then.
   */
  integerAt(place: string): number | undefined
  /** Its payload as JSON, parsed once for all rules. Undefined if it is not JSON, or longer than `MAX_JSON`. */
  readonly json: unknown
}

/** Bytes of a payload that are parsed for rules at most. */
export const MAX_JSON = 64 * 1024

const NOTHING: readonly DecodedEvent[] = []

/** Where the current event comes from. */
export interface EventReader {
  read(number: number): RealtimeEvent
  decoded?(number: number): readonly DecodedEvent[] | undefined
  /** See `RuleEvent`. */
  integerAt?(place: string): number | undefined
}

/** The columns of one event. */
export interface EventRow {
  readonly time: number
  /** Packed, see `packKind`. */
  readonly kind: number
  readonly connection: number
  readonly size: number
  /** `UNKNOWN_SIZE` if unknown. */
  readonly wireSize: number
}

export class CurrentEvent implements RuleEvent {
  readonly #reader: EventReader
  number = 0
  time = 0
  connection = 0
  kind = 0
  size = 0
  #wireSize = 0
  #full: RealtimeEvent | undefined
  #isUnreadable = false
  #json: { readonly value: unknown } | undefined

  constructor(reader: EventReader) {
    this.#reader = reader
  }

  /** Moves on to the next event. */
  move(number: number, time: number, kind: number, connection: number, size: number, wireSize: number): void {
    this.number = number
    this.time = time
    this.kind = kind
    this.connection = connection
    this.size = size
    this.#wireSize = wireSize
    this.#full = undefined
    this.#json = undefined
    this.#isUnreadable = false
  }

  #read(): RealtimeEvent {
    try {
      return this.#reader.read(this.number)
    } catch (thrown) {
      this.#isUnreadable = true
      throw thrown
    }
  }

  get type(): EventType {
    return typeOf(this.kind)
  }

  get isOut(): boolean {
    return isOut(this.kind)
  }

  get isBinary(): boolean {
    return (this.kind & KIND_BIT.binary) !== 0
  }

  get isCompressed(): boolean {
    return (this.kind & KIND_BIT.compressed) !== 0
  }

  get isEmpty(): boolean {
    return this.type === 'response' && (this.kind & KIND_BIT.empty) !== 0
  }

  get wireSize(): number | undefined {
    return this.#wireSize === UNKNOWN_SIZE ? undefined : this.#wireSize
  }

  get full(): RealtimeEvent {
    this.#full ??= this.#read()
    return this.#full
  }

  /** Whether it was tried to read it, in vain. */
  get isUnreadable(): boolean {
    return this.#isUnreadable
  }

  get decoded(): readonly DecodedEvent[] {
    return this.#reader.decoded?.(this.number) ?? NOTHING
  }

  integerAt(place: string): number | undefined {
    return this.size > MAX_JSON ? undefined : this.#reader.integerAt?.(place)
  }

  get json(): unknown {
    this.#json ??= { value: this.size > MAX_JSON || this.isBinary ? undefined : jsonOf(this.full) }
    return this.#json.value
  }
}

/** Undefined if the payload is not an object, an array or another JSON value. */
function jsonOf(event: RealtimeEvent): unknown {
  if (!('payload' in event)) return undefined
  const first = event.payload[0]
  // Only objects and arrays: `{` and `[`.
  if (first !== 0x7b && first !== 0x5b) return undefined
  const { buffer, byteOffset, length } = event.payload
  try {
    return JSON.parse(Buffer.from(buffer, byteOffset, length).toString())
  } catch {
    return undefined
  }
}

function kindOf(event: RealtimeEvent): number {
  const { type } = event
  switch (type) {
    case 'message': {
      // Plain fields, because spreading objects takes longer than all the rest.
      const { direction, compressed = false, truncated = false } = event
      const automatic = event.automatic !== undefined
      return packKind({
        type,
        direction,
        binary: event.opcode === 'binary',
        compressed,
        truncated,
        automatic,
      })
    }
    case 'ping':
    case 'pong':
      return packKind({ type, direction: event.direction })
    case 'request':
      return packKind({ type, automatic: event.automatic !== undefined })
    case 'response':
      return packKind({ type, empty: event.empty })
    default:
      return packKind({ type })
  }
}

/** The columns of an event that is read from a file. */
export function rowOf(event: RealtimeEvent): EventRow {
  const payload = 'payload' in event ? event : undefined
  return {
    time: event.time,
    kind: kindOf(event),
    connection: 'connection' in event ? event.connection : 0,
    size: payload?.dropped ?? payload?.payload.length ?? 0,
    wireSize: ('wireSize' in event ? event.wireSize : undefined) ?? UNKNOWN_SIZE,
  }
}
