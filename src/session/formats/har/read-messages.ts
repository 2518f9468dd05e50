/** The messages in an entry's lists, or in its body. */
import { isUtf8 } from 'node:buffer'
import type { MessageEvent, RealtimeEvent } from '../../../shared/event.ts'
import { Failure } from '../../../shared/failure.ts'
import { readEventStream, readRecords } from '../../../transport/stream/whole-body.ts'
import { contentType, framingIn } from './classify-entry.ts'
import type { ReadEntry } from './read-entry-fields.ts'
import type { ReadStreamMessage, ReadWebSocketMessage } from './read-har-schema.ts'

/** An event that is decoded when it is read. */
export interface Timed {
  readonly time: number
  event(): RealtimeEvent
}

/** Session times in ms: start of the exchange, response head, and end of the response. */
export interface Times {
  readonly start: number
  readonly head: number
  readonly end: number
}

/** RFC 6455 section 5.2. */
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10]

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Some programs write text in place of base64. */
export function fromBase64(data: string): Buffer {
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

/** Fields of a record that stream transports add. */
export function opcodeOf(payload: Uint8Array): 'text' | 'binary' {
  return isUtf8(payload) ? 'text' : 'binary'
}

/** The body, or its size if the HAR does not contain it, or if it is too large. */
export function payloadOf({ response: { content }, longBody }: ReadEntry): {
  readonly payload: Uint8Array
  readonly dropped?: number
} {
  const { encoding, size } = content
  const text = longBody === undefined ? content.text : longBody.read()
  if (text !== undefined) return { payload: encoding === 'base64' ? fromBase64(text) : Buffer.from(text) }
  const known = size > 0 ? Math.trunc(size) : (longBody?.size ?? 0)
  return { payload: new Uint8Array(0), ...(known > 0 ? { dropped: known } : {}) }
}

/** A WebSocket message as it was parsed. */
export function webSocketEvent(
  message: ReadWebSocketMessage,
  connection: number,
  time: number,
): RealtimeEvent {
  const { type, opcode, data } = message
  const on = { connection, time }
  if (type === 'error') return { type: 'error', ...on, code: 'RECORDED', message: data }
  const payload = opcode === TEXT ? Buffer.from(data) : fromBase64(data)
  switch (opcode) {
    case CLOSE:
      return closeFrame(payload, on, type)
    case PING:
      return { type: 'ping', ...on, direction: type, payload }
    case PONG:
      return { type: 'pong', ...on, direction: type, payload }
    default:
      return {
        type: 'message',
        ...on,
        direction: type,
        opcode: opcode === TEXT ? 'text' : 'binary',
        payload,
        ...measures(message),
        ...(message._automatic !== undefined && { automatic: message._automatic }),
      }
  }
}

/** A close frame is a code of two bytes and the reason (RFC 6455 section 5.5.1). Some programs only list the reason. */
function closeFrame(
  payload: Buffer,
  on: { readonly connection: number; readonly time: number },
  direction: 'in' | 'out',
): RealtimeEvent {
  const by = direction === 'in' ? 'server' : 'client'
  const code = payload.length < 2 ? 0 : payload.readUInt16BE(0)
  if (code >= 1000 && code < 5000) {
    const reason = payload.toString('utf8', 2)
    return { type: 'close', ...on, code, by, ...(reason === '' ? {} : { reason }) }
  }
  return { type: 'close', ...on, by, ...(payload.length === 0 ? {} : { reason: payload.toString() }) }
}

/** A message of an event stream or another stream as it was parsed. */
export function streamEvent(
  message: ReadStreamMessage,
  connection: number,
  isSse: boolean,
  time: number,
): MessageEvent {
  const { data, eventName, eventId, _sameId, _encoding } = message
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
}

/** The messages in a body. Their times are unknown, so they get the time of its end. */
export function bodyMessages(entry: ReadEntry, connection: number, isSse: boolean, time: number): Timed[] {
  const { payload, dropped } = payloadOf(entry)
  const base = { type: 'message', connection, time, direction: 'in' } as const
  if (dropped !== undefined) return [{ time, event: () => ({ ...base, payload, dropped }) }]
  if (!isSse)
    return recordsOf(entry, payload).map((record) => ({
      time,
      event: () => ({ ...base, opcode: opcodeOf(record), payload: record }),
    }))
  return readEventStream(payload).map((read) => ({
    time,
    event: () => ({ ...base, opcode: 'text', ...read }),
  }))
}

function recordsOf(entry: ReadEntry, body: Uint8Array): Uint8Array[] {
  const framing = framingIn(entry)
  const whole = body.length === 0 ? [] : [body]
  if (framing === undefined) return whole
  try {
    return readRecords(body, framing, contentType(entry)).filter(({ length }) => length > 0)
  } catch (thrown) {
    // The body does not match its type: show it unchanged.
    if (thrown instanceof Failure) return whole
    throw thrown
  }
}
