import { decodeUtf8 } from '../../shared/text/decode.ts'
import { printable, truncate } from './terminal-text.ts'

/** Bytes of UTF-8 for each cell, which leaves room for characters without width. */
const BYTES_PER_CELL = 8

/** The beginning of the payload in at most `room` cells: as text if it is text, else as hex with its readable characters. */
export function payloadPreview(payload: Uint8Array, room: number): string {
  const head = payload.subarray(0, room * BYTES_PER_CELL)
  const text = decodeUtf8(head, head.length === payload.length)
  return text === undefined ? hex(payload, room) : truncate(printable(text), room)
}

/** `ff 41 00 |.A.|`, with an ellipsis if bytes are left out. */
function hex(payload: Uint8Array, room: number): string {
  // Three cells for the hex of a byte, one for its character, two bars, an ellipsis.
  const count = Math.max(Math.min(payload.length, Math.floor((room - 3) / 4)), 1)
  const bytes = [...payload.subarray(0, count)]
  const digits = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const characters = bytes
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
    .join('')
  return `${digits} |${characters}|${count < payload.length ? '…' : ''}`
}
