/** Formats messages for the lists of a HAR, and as parts of a body. */
import { isUtf8 } from 'node:buffer'
import type { CommentEvent, MessageEvent } from '../../../shared/event.ts'
import { stringPieces } from '../../line.ts'
import {
  epochSeconds,
  type HarEventSourceMessage,
  type HarStreamMessage,
  type HarWebSocketMessage,
} from './written-har.ts'

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function measures({ wireSize, dropped }: MessageEvent) {
  return {
    ...(wireSize === undefined ? {} : { _wireSize: wireSize }),
    ...(dropped === undefined ? {} : { _dropped: dropped }),
  }
}

/** JSON of the fields, followed by the payload as `data`, in pieces of bounded length. */
function* withData(fields: object, payload: Uint8Array, isText: boolean): Generator<string> {
  yield `${JSON.stringify(fields).slice(0, -1)},"data":`
  yield* stringPieces(payload, isText)
  yield '}'
}

/** A WebSocket message as Chrome lists it. It is text if it is valid UTF-8, unless its opcode is binary. */
export function webSocketMessage(message: MessageEvent, startedAt: Date): Generator<string> {
  const isText = message.opcode !== 'binary' && isUtf8(message.payload)
  const fields: Omit<HarWebSocketMessage, 'data'> = {
    type: message.direction === 'out' ? 'send' : 'receive',
    time: epochSeconds(startedAt, message.time),
    opcode: isText ? 1 : 2,
    ...measures(message),
  }
  return withData(fields, message.payload, isText)
}

/** An SSE event as Chrome lists it. */
export function eventSourceMessage(message: MessageEvent, startedAt: Date): Generator<string> {
  const isText = isUtf8(message.payload)
  const fields: Omit<HarEventSourceMessage, 'data'> = {
    time: epochSeconds(startedAt, message.time),
    eventName: message.event ?? 'message',
    eventId: message.id ?? '',
    ...(message.sameId === undefined ? {} : { _sameId: message.sameId }),
    ...(isText ? {} : { _encoding: 'base64' as const }),
    ...measures(message),
  }
  return withData(fields, message.payload, isText)
}

/** A record of a stream. Chrome has no list for records, so this program adds one of the same shape. */
export function streamMessage(message: MessageEvent, startedAt: Date): Generator<string> {
  const isText = isUtf8(message.payload)
  const fields: Omit<HarStreamMessage, 'data'> = {
    time: epochSeconds(startedAt, message.time),
    ...(isText ? {} : { _encoding: 'base64' as const }),
    ...measures(message),
  }
  return withData(fields, message.payload, isText)
}

const NEWLINE = Buffer.from('\n')
/** RFC 7464 section 2.2. */
const RECORD_SEPARATOR = Buffer.from('\u001e')
/** Bytes of a payload that are split into lines at once. */
const PIECE_SIZE = 64 * 1024

/** The bytes of an event in an event stream (HTML standard, 9.2.6), in pieces. */
export function* eventStreamBlock(message: MessageEvent): Generator<Uint8Array> {
  const { id, event = 'message', payload } = message
  const fields = (id === undefined ? '' : `id: ${id}\n`) + (event === 'message' ? '' : `event: ${event}\n`)
  yield Buffer.from(`${fields}data: `)
  for (let from = 0; from < payload.length; from += PIECE_SIZE) {
    const piece = asBuffer(payload.subarray(from, from + PIECE_SIZE))
    yield piece.includes(NEWLINE)
      ? Buffer.from(piece.toString('latin1').replaceAll('\n', '\ndata: '), 'latin1')
      : piece
  }
  yield Buffer.from('\n\n')
}

/** The line of a comment in an event stream. */
export function commentLine(comment: CommentEvent): Uint8Array {
  return Buffer.concat([Buffer.from(':'), comment.payload, NEWLINE])
}

/** A record with the bytes that its framing adds, if they are always the same. */
export function framedRecord(payload: Uint8Array, framing: string | undefined): Uint8Array {
  switch (framing) {
    case 'lines':
    case 'ndjson':
    case 'json-array':
      return Buffer.concat([payload, NEWLINE])
    case 'json-seq':
      return Buffer.concat([RECORD_SEPARATOR, payload, NEWLINE])
    default:
      return payload
  }
}
