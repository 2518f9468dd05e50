/** Formats messages for the lists of a HAR, and as parts of a body. */
import { isUtf8 } from 'node:buffer'
import type { CommentEvent, MessageEvent, RealtimeEvent } from '../../../shared/event.ts'
import { formatPieces } from '../../line.ts'
import { addPieces, addString } from '../bytes/byte-sink.ts'
import type { JsonList, Spool } from '../bytes/spools.ts'
import { secondsText } from './written-har.ts'

/** A promise to wait for, if there is one, which is only so for long payloads and while memory is full. */
type Adding = Promise<void> | undefined

/**
 * Adds an object with the time, the `fields`, which are JSON that begins with a comma, and the payload as `data`.
 * Extensions of this program are `_wireSize`, `_dropped`, the size of a payload that was not kept, and `_automatic`.
 */
function addListed(
  list: JsonList,
  message: MessageEvent,
  startedAt: Date,
  isText: boolean,
  fields: string,
): Adding {
  const { time, wireSize, dropped, automatic, payload } = message
  const buffer = list.next()
  let head = `{"time":${secondsText(startedAt, time)}${fields}`
  if (wireSize !== undefined) head += `,"_wireSize":${wireSize}`
  if (dropped !== undefined) head += `,"_dropped":${dropped}`
  if (automatic !== undefined) head += `,"_automatic":"${automatic}"`
  buffer.text(`${head},"data":`)
  const adding = addString(list.spool, payload, isText)
  if (adding !== undefined) return adding.then(() => endObject(list))
  return endObject(list)
}

function endObject(list: JsonList): Adding {
  list.spool.buffer.ascii('}')
  return list.spool.take()
}

const WEBSOCKET_FIELDS = {
  in: { text: ',"type":"receive","opcode":1', binary: ',"type":"receive","opcode":2' },
  out: { text: ',"type":"send","opcode":1', binary: ',"type":"send","opcode":2' },
}

/**
 * Adds a WebSocket message as Chrome lists it. It is text if it is valid UTF-8, unless its opcode is binary. The data is
 * base64 if the opcode is 2.
 */
export function addWebSocketMessage(list: JsonList, message: MessageEvent, startedAt: Date): Adding {
  const isText = message.opcode !== 'binary' && isUtf8(message.payload)
  const fields = WEBSOCKET_FIELDS[message.direction][isText ? 'text' : 'binary']
  return addListed(list, message, startedAt, isText, fields)
}

/** Adds an SSE event as Chrome lists it. `_sameId` says that it has the id of the previous one; `eventId` is empty then. */
export function addEventSourceMessage(list: JsonList, message: MessageEvent, startedAt: Date): Adding {
  const { event = 'message', id = '', sameId } = message
  const names = `,"eventName":${JSON.stringify(event)},"eventId":${JSON.stringify(id)}`
  return addStreamMessage(
    list,
    message,
    startedAt,
    sameId === undefined ? names : `${names},"_sameId":${sameId}`,
  )
}

/** Adds a record of a stream. Chrome has no list for records, so this program adds one of the same shape. */
export function addStreamMessage(
  list: JsonList,
  message: MessageEvent,
  startedAt: Date,
  fields = '',
): Adding {
  const isText = isUtf8(message.payload)
  return addListed(list, message, startedAt, isText, isText ? fields : `${fields},"_encoding":"base64"`)
}

const NEWLINE = 0x0a
/** RFC 7464 section 2.2. */
const RECORD_SEPARATOR = 0x1e

/** Adds the bytes of an event in an event stream (HTML standard, 9.2.6). */
export async function addEventStreamBlock(body: Spool, message: MessageEvent): Promise<void> {
  const { id, event = 'message', payload } = message
  const { buffer } = body
  const fields = (id === undefined ? '' : `id: ${id}\n`) + (event === 'message' ? '' : `event: ${event}\n`)
  buffer.text(`${fields}data: `)
  await addPieces(body, payload, (piece) => addDataLines(body, piece))
  buffer.ascii('\n\n')
  await body.take()
}

function addDataLines({ buffer }: Spool, piece: Buffer): void {
  let from = 0
  for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
    buffer.bytes(piece.subarray(from, end + 1))
    buffer.ascii('data: ')
    from = end + 1
  }
  buffer.bytes(piece.subarray(from))
}

/** Adds the event as a line of a session file. */
export async function addLine(list: JsonList, event: RealtimeEvent): Promise<void> {
  const buffer = list.next()
  for (const piece of formatPieces(event)) {
    buffer.text(piece)
    if (list.spool.isFull) await list.spool.flush()
  }
  await list.spool.take()
}

/** Adds the line of a comment in an event stream. */
export async function addCommentLine(body: Spool, { payload }: CommentEvent): Promise<void> {
  body.buffer.ascii(':')
  await addBytes(body, payload)
  body.buffer.byte(NEWLINE)
  await body.take()
}

/** Adds a record with the bytes that its framing adds, if they are always the same. */
export async function addRecord(
  body: Spool,
  payload: Uint8Array,
  framing: string | undefined,
): Promise<void> {
  if (framing === 'json-seq') body.buffer.byte(RECORD_SEPARATOR)
  await addBytes(body, payload)
  if (framing === 'lines' || framing === 'ndjson' || framing === 'json-array' || framing === 'json-seq')
    body.buffer.byte(NEWLINE)
  await body.take()
}

function addBytes(body: Spool, payload: Uint8Array): Adding {
  return addPieces(body, payload, (piece) => body.buffer.bytes(piece))
}
