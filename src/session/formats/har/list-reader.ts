/** Reads the items of a list in a HAR one after another: messages of a connection, or lines of a session file. */
import { isUtf8 } from 'node:buffer'
import type { MessageEvent, RealtimeEvent } from '../../../shared/event.ts'
import { stringBytes, stringSize } from '../../json-string.ts'
import { addMessageLine, PIECE_SIZE } from '../../line.ts'
import { parseEvent } from '../../parse-line.ts'
import type { ByteBuffer } from '../bytes/byte-buffer.ts'
import { type JsonCursor, parseSpan } from '../bytes/json-cursor.ts'
import { INVALID } from '../bytes/json-scan.ts'
import { ListItem, type Part } from './list-item.ts'
import {
  parseStreamMessage,
  parseWebSocketMessage,
  type ReadStreamMessage,
  type ReadWebSocketMessage,
  toSeconds,
} from './read-har-schema.ts'
import { fromBase64, opcodeOf, streamEvent, webSocketEvent } from './read-messages.ts'

/** How the items of a list become events. */
export interface ListReader {
  /** The time of the latest item: seconds since the epoch, or ms of the session for lines. Undefined if it is unknown. */
  readonly time: number | undefined
  /** Whether the latest item is the close of a WebSocket. */
  readonly isClose: boolean
  /** Reads the next item. False if it cannot be read. */
  read(cursor: JsonCursor): boolean
  /** The event of the latest item, which has to be the last that was read with the cursor. */
  event(connection: number, time: number): RealtimeEvent
  /** Adds the line of that event, as a session file has it. False if the item differs too much from the line. */
  addLine(into: ByteBuffer, connection: number, time: number): boolean
}

/** RFC 6455 section 5.2. */
const [TEXT, BINARY, CLOSE] = [1, 2, 8]
const EMPTY = Buffer.alloc(0)

abstract class MessageReader<Message extends { readonly time?: number | undefined }> implements ListReader {
  time: number | undefined
  protected readonly item = new ListItem()
  /** The latest item, if its bytes have another form than most. */
  protected other: Message | undefined
  #bytes: Buffer = EMPTY
  readonly #limit: number
  readonly #read = (bytes: Buffer, from: number, to: number): number => {
    this.#bytes = bytes
    const end = this.item.read(bytes, from, to)
    return end >= 0 && this.isUsual() ? end : INVALID
  }

  /** `limit` is the number of bytes of the longest item. */
  constructor(limit: number) {
    this.#limit = limit
  }

  read(cursor: JsonCursor): boolean {
    this.other = undefined
    if (cursor.tryValue(this.#read)) {
      this.time = this.item.time === undefined ? undefined : toSeconds(this.item.time)
      return true
    }
    return this.readOther(cursor)
  }

  addLine(into: ByteBuffer, connection: number, time: number): boolean {
    const { data, dataSize, isAscii, dropped } = this.item
    if (this.other !== undefined || dropped !== undefined) return false
    if (dataSize < 0 || dataSize > PIECE_SIZE) return false
    const bytes = this.#bytes
    if (!isAscii && !isUtf8(bytes.subarray(data.from, data.to))) return false
    const message = this.textMessage(connection, time, EMPTY)
    if (message === undefined) return false
    addMessageLine(into, message, dataSize, { bytes, from: data.from, to: data.to })
    return true
  }

  /** The event of the latest item with another payload. Undefined if it is not the event of a text. */
  protected abstract textMessage(
    connection: number,
    time: number,
    payload: Uint8Array,
  ): MessageEvent | undefined
  protected abstract parse(item: unknown): Message | undefined
  /** Whether what was read of `item` is all that the event needs. */
  protected abstract isUsual(): boolean
  abstract readonly isClose: boolean
  abstract event(connection: number, time: number): RealtimeEvent

  protected text({ from, to }: Part): string {
    if (from === to) return ''
    const bytes = this.#bytes
    return JSON.parse(bytes.toString('utf8', from - 1, to + 1)) as string
  }

  /** The UTF-8 of the data, as a copy. */
  protected data(): Buffer {
    const { data, dataSize, isAscii } = this.item
    const { from, to } = data
    const bytes = this.#bytes
    const size = dataSize < 0 ? stringSize(bytes, from, to) : dataSize
    if (size < 0) return Buffer.from(this.text(data))
    const payload = stringBytes(bytes, from, to, size)
    return (isAscii && dataSize >= 0) || isUtf8(payload) ? payload : Buffer.from(this.text(data))
  }

  private readOther(cursor: JsonCursor): boolean {
    const span = cursor.value(this.#limit)
    this.other = span === undefined ? undefined : this.parse(parseSpan(span))
    this.time = this.other?.time
    return this.other !== undefined
  }
}

export class WebSocketReader extends MessageReader<ReadWebSocketMessage> {
  get isClose(): boolean {
    const { item, other } = this
    return other === undefined
      ? item.opcode === CLOSE && item.direction !== 'error'
      : other.opcode === CLOSE && other.type !== 'error'
  }

  event(connection: number, time: number): RealtimeEvent {
    if (this.other !== undefined) return webSocketEvent(this.other, connection, time)
    const { direction: type = 'error', opcode, wireSize, dropped, data } = this.item
    if (type === 'error' || (opcode !== TEXT && opcode !== BINARY))
      return webSocketEvent(
        {
          type,
          opcode,
          data: this.text(data),
          _wireSize: wireSize,
          _dropped: dropped,
          _automatic: undefined,
        },
        connection,
        time,
      )
    const payload = opcode === TEXT ? this.data() : fromBase64(this.text(data))
    return this.#message(connection, time, type, payload)
  }

  protected override textMessage(
    connection: number,
    time: number,
    payload: Uint8Array,
  ): MessageEvent | undefined {
    const { direction = 'error', opcode } = this.item
    return direction === 'error' || opcode !== TEXT
      ? undefined
      : this.#message(connection, time, direction, payload)
  }

  #message(connection: number, time: number, direction: 'in' | 'out', payload: Uint8Array): MessageEvent {
    const { opcode, wireSize, dropped } = this.item
    return {
      ...{
        type: 'message',
        connection,
        time,
        direction,
        opcode: opcode === TEXT ? 'text' : 'binary',
        payload,
      },
      ...(wireSize !== undefined && { wireSize }),
      ...(dropped !== undefined && { dropped }),
    }
  }

  protected override isUsual(): boolean {
    return this.item.direction !== undefined
  }

  protected override parse(item: unknown): ReadWebSocketMessage | undefined {
    return parseWebSocketMessage(item)
  }
}

export class StreamReader extends MessageReader<ReadStreamMessage> {
  readonly isClose = false
  readonly #isSse: boolean

  constructor(limit: number, isSse: boolean) {
    super(limit)
    this.#isSse = isSse
  }

  event(connection: number, time: number): RealtimeEvent {
    if (this.other !== undefined) return streamEvent(this.other, connection, this.#isSse, time)
    const payload = this.data()
    return this.#message(connection, time, payload, opcodeOf(payload))
  }

  protected override textMessage(connection: number, time: number, payload: Uint8Array): MessageEvent {
    return this.#message(connection, time, payload, 'text')
  }

  #message(connection: number, time: number, payload: Uint8Array, opcode: 'text' | 'binary'): MessageEvent {
    const { wireSize, dropped, eventName, eventId } = this.item
    const id = this.#isSse ? this.text(eventId) : ''
    return {
      ...{ type: 'message', connection, time, direction: 'in', opcode, payload },
      ...(wireSize !== undefined && { wireSize }),
      ...(dropped !== undefined && { dropped }),
      ...(this.#isSse && { event: this.text(eventName) || 'message' }),
      ...(id !== '' && { id }),
    }
  }

  protected override isUsual(): boolean {
    return true
  }

  protected override parse(item: unknown): ReadStreamMessage | undefined {
    return parseStreamMessage(item)
  }
}

/** Reads lines of a session file, of an entry or of the whole session. */
export class LineReader implements ListReader {
  time: number | undefined
  readonly isClose = false
  /** Whether all items were objects. */
  areObjects = true
  readonly #limit: number
  #fields: Record<string, unknown> = {}

  constructor(limit: number) {
    this.#limit = limit
  }

  read(cursor: JsonCursor): boolean {
    const fields = cursor.parse(this.#limit)
    this.areObjects &&= typeof fields === 'object' && fields !== null
    if (!this.areObjects) return false
    this.#fields = fields as Record<string, unknown>
    this.time = parseEvent(this.#fields)?.time
    return this.time !== undefined
  }

  /** `connection` is 0 for lines without one. */
  event(connection: number): RealtimeEvent {
    const event = parseEvent(connection === 0 ? this.#fields : { ...this.#fields, connection })
    if (event === undefined) throw new TypeError('An item was read that is not an event.')
    return event
  }

  /** Lines can have other fields than those that are written. */
  addLine(): boolean {
    return false
  }
}
