/** Formats messages for the lists of a HAR, and as parts of a body. */
import { isUtf8 } from 'node:buffer'
import { asBuffer } from '../../../capture/search/event-text.ts'
import type { CommentEvent, MessageEvent } from '../../../shared/event.ts'
import { stringPieces } from '../../line.ts'
import { epochSeconds } from './written-har.ts'

/**
 * JSON of the fields, except those that are undefined, followed by the payload as `data`, in pieces of bounded length.
 * Extensions of this program are `_wireSize`, `_dropped`, the size of a payload that was not kept, and `_automatic`.
 */
function* listed(message: MessageEvent, startedAt: Date, isText: boolean, fields: object): Generator<string> {
  const { wireSize: _wireSize, dropped: _dropped, automatic: _automatic, payload } = message
  const time = epochSeconds(startedAt, message.time)
  yield `${JSON.stringify({ time, ...fields, _wireSize, _dropped, _automatic }).slice(0, -1)},"data":`
  yield* stringPieces(payload, isText)
  yield '}'
}

/**
 * A WebSocket message as Chrome lists it. It is text if it is valid UTF-8, unless its opcode is binary. The data is
 * base64 if the opcode is 2.
 */
export function webSocketMessage(message: MessageEvent, startedAt: Date): Generator<string> {
  const isText = message.opcode !== 'binary' && isUtf8(message.payload)
  const type = message.direction === 'out' ? 'send' : 'receive'
  return listed(message, startedAt, isText, { type, opcode: isText ? 1 : 2 })
}

/** An SSE event as Chrome lists it. `_sameId` says that it has the id of the previous one; `eventId` is empty then. */
export function eventSourceMessage(message: MessageEvent, startedAt: Date): Generator<string> {
  const { event: eventName = 'message', id: eventId = '', sameId: _sameId } = message
  return streamMessage(message, startedAt, { eventName, eventId, _sameId })
}

/** A record of a stream. Chrome has no list for records, so this program adds one of the same shape. */
export function streamMessage(
  message: MessageEvent,
  startedAt: Date,
  fields: object = {},
): Generator<string> {
  const isText = isUtf8(message.payload)
  return listed(message, startedAt, isText, { ...fields, _encoding: isText ? undefined : 'base64' })
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
