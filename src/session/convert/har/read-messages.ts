/** The messages in an entry's lists, or in its body. */
import { isUtf8 } from 'node:buffer'
import type { MessageEvent, RealtimeEvent } from '../../../shared/event.ts'
import type { TransportName } from '../../../shared/spec.ts'
import { readEventStream } from '../../../transport/stream/whole-body.ts'
import { sessionTime } from './format.ts'
import type { ReadEntry, ReadStreamMessage } from './schema.ts'

/** An event to be, whose payload is decoded when it is asked for. */
export interface Timed {
  readonly time: number
  event(): RealtimeEvent
}

/** RFC 6455 section 5.2. */
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10]

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Not every program writes base64 where it should. */
function fromBase64(data: string): Buffer {
  return data.length % 4 === 0 && BASE64.test(data) ? Buffer.from(data, 'base64') : Buffer.from(data)
}

interface Measures {
  readonly _wireSize?: number | undefined
  readonly _dropped?: number | undefined
}

function measures({ _wireSize, _dropped }: Measures) {
  return {
    ...(_wireSize === undefined ? {} : { wireSize: _wireSize }),
    ...(_dropped === undefined ? {} : { dropped: _dropped }),
  }
}

/** What the stream transports say of a record. */
function opcodeOf(payload: Uint8Array): 'text' | 'binary' {
  return isUtf8(payload) ? 'text' : 'binary'
}

/** The body, and its size where the HAR does not have it. */
export function payloadOf({ response: { content } }: ReadEntry): {
  readonly payload: Uint8Array
  readonly dropped?: number
} {
  const { text, encoding, size } = content
  if (text !== undefined) return { payload: encoding === 'base64' ? fromBase64(text) : Buffer.from(text) }
  return { payload: new Uint8Array(0), ...(size > 0 ? { dropped: Math.trunc(size) } : {}) }
}

/** In the order of the HAR. `end`, ms of the session, is when all of the body had come. */
export function messagesOf(
  entry: ReadEntry,
  connection: number,
  transport: TransportName,
  startedAt: Date,
  end: number,
): Timed[] {
  if (transport === 'websocket') return webSocketMessages(entry, connection, startedAt)
  const listed = transport === 'sse' ? entry._eventSourceMessages : entry._streamMessages
  const isSse = transport === 'sse'
  if (listed !== undefined && (listed.items.length > 0 || entry.response.content.text === undefined))
    return listed.items.map((message) => streamMessage(message, connection, isSse, startedAt))
  return bodyMessages(entry, connection, isSse, end)
}

function webSocketMessages({ _webSocketMessages }: ReadEntry, connection: number, startedAt: Date): Timed[] {
  const messages = _webSocketMessages?.items ?? []
  return messages
    .filter(({ opcode }) => opcode !== CLOSE)
    .map((message) => {
      const { type, opcode, data } = message
      const time = sessionTime(startedAt, message.time)
      if (type === 'error')
        return { time, event: () => ({ type: 'error', connection, time, code: 'RECORDED', message: data }) }
      const direction = type === 'send' ? 'out' : 'in'
      const payload = () => (opcode === TEXT ? Buffer.from(data) : fromBase64(data))
      if (opcode === PING || opcode === PONG) {
        const name = opcode === PING ? 'ping' : 'pong'
        return { time, event: () => ({ type: name, connection, time, direction, payload: payload() }) }
      }
      return {
        time,
        event: () => ({
          type: 'message',
          connection,
          time,
          direction,
          opcode: opcode === TEXT ? 'text' : 'binary',
          payload: payload(),
          ...measures(message),
        }),
      }
    })
}

function streamMessage(
  message: ReadStreamMessage,
  connection: number,
  isSse: boolean,
  startedAt: Date,
): Timed {
  const time = sessionTime(startedAt, message.time)
  const { data, eventName, eventId, _sameId, _encoding } = message
  return {
    time,
    event: (): MessageEvent => {
      const payload = _encoding === 'base64' ? fromBase64(data) : Buffer.from(data)
      return {
        type: 'message',
        connection,
        time,
        direction: 'in',
        opcode: opcodeOf(payload),
        payload,
        ...measures(message),
        ...(isSse ? { event: eventName || 'message' } : {}),
        ...(isSse && eventId !== '' ? { id: eventId } : {}),
        ...(isSse && _sameId !== undefined ? { sameId: _sameId } : {}),
      }
    },
  }
}

/** Nobody wrote down when each came: by the end of the body all of them had. */
function bodyMessages(entry: ReadEntry, connection: number, isSse: boolean, time: number): Timed[] {
  const { payload, dropped } = payloadOf(entry)
  const base = { type: 'message', connection, time, direction: 'in' } as const
  if (dropped !== undefined) return [{ time, event: () => ({ ...base, payload, dropped }) }]
  const opcode = opcodeOf(payload)
  if (!isSse) return payload.length === 0 ? [] : [{ time, event: () => ({ ...base, opcode, payload }) }]
  return readEventStream(payload).map(({ id, ...rest }) => ({
    time,
    event: () => ({ ...base, opcode: 'text', ...rest, ...(id === '' ? {} : { id }) }),
  }))
}
