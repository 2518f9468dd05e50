/** Writing: one event, one line of the session file (docs/session-format.md). */
import { isAscii, isUtf8 } from 'node:buffer'
import { asBuffer } from '../capture/search/event-text.ts'
import { isoDate } from '../shared/clock.ts'
import type { ExtraFields, MarkEvent, MessageEvent, PayloadEvent, RealtimeEvent } from '../shared/event.ts'
import { UNKNOWN_SIZE } from '../shared/event-columns.ts'
import { Failure } from '../shared/failure.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import { ByteBuffer } from './formats/bytes/byte-buffer.ts'

export const SESSION_VERSION = 1

/** Longer payloads are formatted in pieces, so that no string exceeds the limit of V8. In bytes. */
export const PIECE_SIZE = 192 * 1024

/** For the beginning of a line. */
const scratch = new ByteBuffer(1024)

const FRACTIONS = Array.from({ length: 1000 }, (_, n) =>
  n === 0 ? '' : `.${String(n).padStart(3, '0').replace(/0+$/, '')}`,
)

/** Milliseconds as JSON, rounded to microseconds. */
function formatTime(time: number): string {
  const micros = Math.round(time * 1000)
  if (micros > Number.MAX_SAFE_INTEGER) return String(time)
  const millis = Math.floor(micros / 1000)
  return `${millis}${FRACTIONS[micros - millis * 1000] ?? ''}`
}

function roundTime(time: number): number {
  const micros = Math.round(time * 1000)
  return micros > Number.MAX_SAFE_INTEGER ? time : micros / 1000
}

/** Durations are rounded to microseconds, like times. */
function roundNumber(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? roundTime(value) : value
}

/** The start in a header. Throws a `Failure` `NO_START` if it is not known, as that of a HAR without an entry. */
export function headerStart(startedAt: Date): string {
  const start = isoDate(startedAt)
  if (start !== undefined) return start
  throw new Failure(
    'NO_START',
    'The recording has no events and does not say when it started, so there is nothing to write. Record it again.',
  )
}

/** The first line of a session file, without its newline. `dropped` discloses what is missing from a capture. */
export function formatHeader(
  startedAt: Date,
  generator: string,
  dropped: { readonly events?: number; readonly payloads?: number } = {},
): string {
  return JSON.stringify({
    type: 'session',
    version: SESSION_VERSION,
    startedAt: headerStart(startedAt),
    generator,
    ...(dropped.events ? { droppedEvents: dropped.events } : {}),
    ...(dropped.payloads ? { droppedPayloads: dropped.payloads } : {}),
  })
}

/** Further `,"name":value` pairs. */
function formatFields(fields: ExtraFields): string {
  const json = JSON.stringify(fields)
  return json === '{}' ? '' : `,${json.slice(1, -1)}`
}

/** Fields of a message before its payload, in their order. */
function addMessageFields(into: ByteBuffer, event: MessageEvent): void {
  if (event.opcode !== undefined) into.word(',"opcode":"').word(event.opcode).word('"')
  if (event.frames !== undefined) into.word(',"frames":').number(event.frames)
  if (event.compressed !== undefined)
    into.word(event.compressed ? ',"compressed":true' : ',"compressed":false')
  if (event.event !== undefined) addJson(into, 'event', event.event)
  if (event.id !== undefined) addJson(into, 'id', event.id)
  if (event.sameId !== undefined) addJson(into, 'sameId', event.sameId)
  if (event.framing !== undefined) addJson(into, 'framing', event.framing)
  if (event.oddities !== undefined) addJson(into, 'oddities', event.oddities)
  if (event.truncated !== undefined) addJson(into, 'truncated', event.truncated)
  if (event.automatic !== undefined) addJson(into, 'automatic', event.automatic)
  if (event.faults !== undefined) addJson(into, 'faults', event.faults)
  if (event.initiator !== undefined) addJson(into, 'initiator', event.initiator)
}

function addJson(into: ByteBuffer, name: string, value: unknown): void {
  into.text(`,"${name}":${JSON.stringify(value)}`)
}

/** Adds the line of an event up to its payload of `size` bytes. */
function addHead(into: ByteBuffer, event: PayloadEvent, size = event.dropped ?? event.payload.length): void {
  into.word('{"type":"').word(event.type).word('","connection":').number(event.connection)
  addTime(into.word(',"time":'), event.time)
  if ('direction' in event) into.word(',"direction":"').word(event.direction).word('"')
  into.word(',"size":').number(size)
  if (event.wireSize !== undefined) into.word(',"wireSize":').number(event.wireSize)
  if (event.type === 'message') addMessageFields(into, event)
  if (event.extra !== undefined) into.text(formatFields(event.extra))
  if (event.dropped !== undefined) into.word(',"dropped":true')
}

/** Milliseconds as JSON, rounded to microseconds. */
function addTime(into: ByteBuffer, time: number): void {
  const micros = Math.round(time * 1000)
  if (micros > Number.MAX_SAFE_INTEGER) into.word(String(time))
  else {
    const millis = Math.floor(micros / 1000)
    into.number(millis).word(FRACTIONS[micros - millis * 1000] ?? '')
  }
}

/** The line of an event up to its payload. */
function formatHead(event: PayloadEvent): string {
  scratch.clear()
  addHead(scratch, event)
  return scratch.view.toString()
}

function formatMark(event: MarkEvent): string {
  const { type, time, text, rule, extra } = event
  if (typeof extra?.type === 'string') return JSON.stringify(extra)
  return JSON.stringify({ type, time: roundTime(time), ...extra, text, rule })
}

function hasPayload(event: RealtimeEvent): event is PayloadEvent {
  return 'payload' in event
}

/** The line of an event, without its newline. Throws only if the payload is too large for one string. */
export function formatLine(event: RealtimeEvent): string {
  if (event.type === 'mark') return formatMark(event)
  if (!hasPayload(event)) {
    const { type, connection, time, extra, ...own } = event
    if (extra === undefined) return JSON.stringify({ type, connection, time, ...own }, roundNumber)
    // Values that could not be read replace the defaults that were assumed for them.
    const read = Object.entries(own).filter(([name]) => !Object.hasOwn(extra, name))
    const json = JSON.stringify({ type, connection, time, ...Object.fromEntries(read) }, roundNumber)
    return `${json.slice(0, -1)}${formatFields(extra)}}`
  }
  const head = formatHead(event)
  if (event.dropped !== undefined) return `${head}}`
  return `${head},${formatPayload(asBuffer(event.payload))}}`
}

/** Adds the line of an event, with its newline, which equals that of `formatLine`. Without a string for the payload. */
export function addLine(into: ByteBuffer, event: RealtimeEvent): void {
  if (!hasPayload(event) || event.dropped !== undefined || !isUtf8(event.payload)) {
    into.text(`${formatLine(event)}\n`)
    return
  }
  addHead(into, event)
  into.word(',"text":"')
  into.escaped(event.payload)
  into.word('"}\n')
}

/**
 * As `addLine`, for a message whose payload of `size` bytes is the content [from, to) of a JSON string as `JSON.stringify` writes it.
 * The payload of `message` is not looked at.
 */
export function addMessageLine(
  into: ByteBuffer,
  message: MessageEvent,
  size: number,
  { bytes, from, to }: { readonly bytes: Buffer; readonly from: number; readonly to: number },
): void {
  addHead(into, message, size)
  into.word(',"text":"').part(bytes, from, to)
  into.word('"}\n')
}

function formatPayload(bytes: Buffer): string {
  return isUtf8(bytes)
    ? `"text":${JSON.stringify(bytes.toString())}`
    : `"base64":"${bytes.toString('base64')}"`
}

/** The lines of a batch, each with its newline. They equal the lines of its events. */
export function formatBatch(connection: number, batch: MessageBatch): string {
  const { count, starts, sizes, wireSizes, binary, frame, event } = batch
  const head = `{"type":"message","connection":${connection},"time":${formatTime(batch.time)},"direction":"in","size":`
  const tail =
    (frame === undefined ? '' : `,"frames":1,"compressed":${frame.compressed}`) +
    (event === undefined ? '' : `,"event":${JSON.stringify(event)}`)
  const first = starts[0] ?? 0
  const last = count - 1
  const bytes = asBuffer(batch.bytes.subarray(first, (starts[last] ?? 0) + (sizes[last] ?? 0)))
  // In ASCII a character is a byte, so that one string can be sliced for all messages.
  const ascii = isAscii(bytes) ? bytes.toString('latin1') : undefined
  let lines = ''
  for (let index = 0; index < count; index++) {
    const from = (starts[index] ?? 0) - first
    const size = sizes[index] ?? 0
    const wireSize = wireSizes[index] ?? UNKNOWN_SIZE
    lines += head + size
    if (wireSize !== UNKNOWN_SIZE) lines += `,"wireSize":${wireSize}`
    lines += (binary[index] === 1 ? ',"opcode":"binary"' : ',"opcode":"text"') + tail
    if (ascii === undefined) lines += `,${formatPayload(bytes.subarray(from, from + size))}}\n`
    else lines += `,"text":${JSON.stringify(ascii.slice(from, from + size))}}\n`
  }
  return lines
}

/** The line of an event in pieces of bounded length, for payloads of any size; `more` is further pairs of a long one. */
export function* formatPieces(event: RealtimeEvent, more = ''): Generator<string> {
  if (!hasPayload(event) || event.payload.length <= PIECE_SIZE) {
    yield formatLine(event)
    return
  }
  const bytes = asBuffer(event.payload)
  const text = isUtf8(bytes)
  yield `${formatHead(event)},"${text ? 'text' : 'base64'}":`
  yield* stringPieces(bytes, text)
  yield `${more}}`
}

/** The bytes as a JSON string, as text or base64, in pieces of bounded length. */
export function* stringPieces(payload: Uint8Array, text: boolean): Generator<string> {
  const bytes = asBuffer(payload)
  yield '"'
  // 192 KiB is a multiple of 3, so that only the last piece has padding.
  for (let from = 0; from < bytes.length; ) {
    const to = text ? characterStart(bytes, from + PIECE_SIZE) : Math.min(from + PIECE_SIZE, bytes.length)
    yield text
      ? JSON.stringify(bytes.toString('utf8', from, to)).slice(1, -1)
      : bytes.toString('base64', from, to)
    from = to
  }
  yield '"'
}

/** The start of the last UTF-8 character at or before `at` (RFC 3629 section 3). */
function characterStart(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return bytes.length
  let start = at
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start--
  return start
}
