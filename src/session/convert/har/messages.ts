/** Messages as the HAR's lists have them, and as the body they came in. */
import { isUtf8 } from 'node:buffer'
import type { CommentEvent, MessageEvent } from '../../../shared/event.ts'
import {
  epochSeconds,
  type HarEventSourceMessage,
  type HarStreamMessage,
  type HarWebSocketMessage,
} from './format.ts'

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function measures({ wireSize, dropped }: MessageEvent) {
  return {
    ...(wireSize === undefined ? {} : { _wireSize: wireSize }),
    ...(dropped === undefined ? {} : { _dropped: dropped }),
  }
}

/** A message without an opcode is text if it is UTF-8; a text that is not is kept as bytes. */
export function webSocketMessage(message: MessageEvent, startedAt: Date): HarWebSocketMessage {
  const bytes = asBuffer(message.payload)
  const isText = message.opcode !== 'binary' && isUtf8(bytes)
  return {
    type: message.direction === 'out' ? 'send' : 'receive',
    time: epochSeconds(startedAt, message.time),
    opcode: isText ? 1 : 2,
    data: bytes.toString(isText ? 'utf8' : 'base64'),
    ...measures(message),
  }
}

function data(payload: Uint8Array) {
  const bytes = asBuffer(payload)
  return isUtf8(bytes)
    ? { data: bytes.toString() }
    : { data: bytes.toString('base64'), _encoding: 'base64' as const }
}

/** An SSE event as Chrome lists it. */
export function eventSourceMessage(message: MessageEvent, startedAt: Date): HarEventSourceMessage {
  return {
    time: epochSeconds(startedAt, message.time),
    eventName: message.event ?? 'message',
    eventId: message.id ?? '',
    ...(message.sameId === undefined ? {} : { _sameId: message.sameId }),
    ...data(message.payload),
    ...measures(message),
  }
}

/** A record of a stream, for which Chrome has no list: in one of ours, of the same shape. */
export function streamMessage(message: MessageEvent, startedAt: Date): HarStreamMessage {
  return { time: epochSeconds(startedAt, message.time), ...data(message.payload), ...measures(message) }
}

const NEWLINE = Buffer.from('\n')
/** RFC 7464 section 2.2. */
const RECORD_SEPARATOR = Buffer.from('\u001e')

/** The bytes an event takes in an event stream, as the HTML standard's section 9.2.6 would read them. */
export function eventStreamBlock(message: MessageEvent): Uint8Array {
  const { id, event = 'message', payload } = message
  const lines = asBuffer(payload).toString().split('\n')
  return Buffer.from(
    [
      ...(id === undefined ? [] : [`id: ${id}`]),
      ...(event === 'message' ? [] : [`event: ${event}`]),
      ...lines.map((line) => `data: ${line}`),
      '\n',
    ].join('\n'),
  )
}

/** The line that a comment is in an event stream. */
export function commentLine(comment: CommentEvent): Uint8Array {
  return Buffer.concat([Buffer.from(':'), comment.payload, NEWLINE])
}

/** A stream's record with what its framing puts around it, where that is always the same. */
export function framedRecord(payload: Uint8Array, framing: string | undefined): Uint8Array {
  switch (framing) {
    case 'lines':
    case 'ndjson':
      return Buffer.concat([payload, NEWLINE])
    case 'json-seq':
      return Buffer.concat([RECORD_SEPARATOR, payload, NEWLINE])
    default:
      return payload
  }
}
