/** Makes text from any source safe for a terminal, measures it, and chooses its colors. */
import { eastAsianWidth } from 'get-east-asian-width'
import picocolors from 'picocolors'
import type { Colors } from 'picocolors/types'
import { hasControls } from '../../shared/text/controls.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'

/**
 * Characters that must not reach a terminal: C0 and C1 controls and DEL (they move the cursor, change colors, set
 * titles), bidirectional controls, line and paragraph separators, tags, and lone surrogates.
 */
const UNSAFE =
  /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu

/** U+2400 to U+2421 are pictures of U+0000 to U+0020 and DEL, one cell each. */
const PICTURES = 0x2400
const PICTURE_OF_DELETE = '\u2421'

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(PICTURES + code)
  if (code === 0x7f) return PICTURE_OF_DELETE
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** The text on one line, without control characters. */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE, picture)
}

const ASCII = /^[\x20-\x7e]*$/
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u

function cells(character: string): number {
  return ZERO_WIDTH.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0)
}

/** The number of terminal cells that a printable text takes. */
export function width(text: string): number {
  if (ASCII.test(text)) return text.length
  let total = 0
  for (const character of text) total += cells(character)
  return total
}

const ELLIPSIS = '…'

/** Cuts a printable text to at most `room` cells. If it is cut, the last cell is an ellipsis. */
export function truncate(text: string, room: number): string {
  if (ASCII.test(text)) return text.length <= room ? text : text.slice(0, Math.max(room - 1, 0)) + ELLIPSIS
  let used = 0
  let kept = 0
  let index = 0
  for (const character of text) {
    used += cells(character)
    index += character.length
    if (used <= room - 1) kept = index
    if (used > room) return text.slice(0, kept) + ELLIPSIS
  }
  return text
}

/** Cuts the text, or fills it with spaces, to exactly `room` cells. */
export function pad(text: string, room: number): string {
  const fitted = truncate(text, room)
  return fitted + ' '.repeat(Math.max(room - width(fitted), 0))
}

/**
 * Colors for standard output: as asked; else none if NO_COLOR is set (no-color.org); else as FORCE_COLOR says, if it
 * is set; else if standard output is a terminal that is not dumb.
 */
export function chooseColors(asked: boolean | undefined): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const byEnvironment =
    !NO_COLOR && (FORCE_COLOR ? FORCE_COLOR !== '0' : TERM !== 'dumb' && process.stdout.isTTY === true)
  return picocolors.createColors(asked ?? byEnvironment)
}

/** Bytes of UTF-8 for each cell, which leaves room for characters without width. */
const BYTES_PER_CELL = 8

/**
 * The beginning of the payload in at most `room` cells: as text if it is text, else as hex with its readable
 * characters. What was sent as binary is not text if it has control characters.
 */
export function payloadPreview(payload: Uint8Array, room: number, isBinary = false): string {
  const head = payload.subarray(0, room * BYTES_PER_CELL)
  const text = decodeUtf8(head, head.length === payload.length)
  return text === undefined || (isBinary && hasControls(head))
    ? hex(payload, room)
    : truncate(printable(text), room)
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
