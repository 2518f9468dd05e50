/** Makes the event of a line from its head and its bytes, without parsing JSON, and says whether the line can be copied. */
import { isUtf8 } from 'node:buffer'
import type { MessageEvent, PayloadEvent } from '../shared/event.ts'
import { UNKNOWN_SIZE } from '../shared/event-columns.ts'
import { base64Bytes, base64Size, stringBytes, stringifiedSize } from './json-string.ts'
import type { LineHead } from './line-head.ts'

type Fields = {
  -readonly [Key in keyof MessageEvent]?: Key extends 'type' ? PayloadEvent['type'] : MessageEvent[Key]
}

const NOTHING = new Uint8Array(0)

/**
 * The event that `parseLine` reads from a line, with a copy of its payload. `head` has just read the line, which ends at
 * `to`.
 */
export function eventOf(head: LineHead, bytes: Buffer, to: number): PayloadEvent {
  const { row, type, direction } = head
  const event: Fields = { type, connection: row.connection, time: row.time }
  if (direction !== undefined) event.direction = direction
  if (row.wireSize !== UNKNOWN_SIZE) event.wireSize = row.wireSize
  if (type === 'message') addMessageFields(event, head)
  event.payload = payloadOf(head, bytes, to)
  if (head.isHollow) event.dropped = row.size
  return event as PayloadEvent
}

function addMessageFields(event: Fields, head: LineHead): void {
  const { opcode, compressed, truncated } = head
  if (opcode !== undefined) event.opcode = opcode
  if (head.frames !== undefined) event.frames = head.frames
  if (compressed !== undefined) event.compressed = compressed
  if (head.event !== undefined) event.event = head.event
  if (head.id !== undefined) event.id = head.id
  if (head.sameId !== undefined) event.sameId = head.sameId
  if (head.framing !== undefined) event.framing = head.framing
  if (truncated !== undefined) event.truncated = truncated
  if (head.automatic !== undefined) event.automatic = head.automatic
}

function payloadOf({ textAt, base64At, row }: LineHead, bytes: Buffer, to: number): Uint8Array {
  if (textAt >= 0) return stringBytes(bytes, textAt + 1, to - 2, row.size)
  return base64At >= 0 ? base64Bytes(bytes, base64At + 1, to - 2) : NOTHING
}

/**
 * Whether `formatLine` writes the event of the line with the same bytes. `head` has just read the line, which ends at `to`; its
 * payload need not be measured.
 */
export function isAsWritten(head: LineHead, bytes: Buffer, to: number): boolean {
  const { textAt, base64At, row } = head
  if (!head.hasExactNumbers) return false
  const end = to - 2
  if (textAt >= 0) return row.size === stringifiedSize(bytes, textAt + 1, end)
  if (base64At < 0) return row.size > 0
  if (row.size !== base64Size(bytes, base64At + 1, end)) return false
  const payload = base64Bytes(bytes, base64At + 1, end)
  // Bits after the payload must be zero (RFC 4648 section 3.5).
  const last = Math.floor((payload.length - 1) / 3) * 3
  return !isUtf8(payload) && payload.toString('base64', last) === bytes.toString('latin1', end - 4, end)
}
