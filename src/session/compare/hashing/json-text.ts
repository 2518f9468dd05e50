/** The texts of the numbers and strings of JSON (RFC 8259) in UTF-8, without making values. */

import { isDigit } from '../../formats/bytes/json-scan.ts'

export const QUOTE = 0x22
export const BACKSLASH = 0x5c
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const LETTER_U = 0x75

/** What a byte is in a string. */
export const PLAIN = 0
export const DIGIT = 1
/** A quote, a backslash, or what no string may have. */
const SPECIAL = 2
export const IN_STRING = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? SPECIAL : isDigit(byte) ? DIGIT : PLAIN,
)

/** What follows a backslash, and the byte that it stands for. */
const ESCAPES = new Uint8Array(256)
for (const [letter, byte] of [
  ...[...'"\\/'].map((each) => [each, each] as const),
  ...[...'bfnrt'].map((each, at) => [each, '\b\f\n\r\t'.charAt(at)] as const),
])
  ESCAPES[letter.charCodeAt(0)] = byte.charCodeAt(0)

/** Tokens of this many characters or more, without their sign, are compared as they are written: see `parseJson`. */
const LONG_NUMBER = 16

/** The number [from, to) as the text by which it is compared. Undefined if that is how it is written. */
export function numberText(bytes: Uint8Array, from: number, to: number): string | undefined {
  const unsigned = bytes[from] === MINUS ? from + 1 : from
  if (to - unsigned >= LONG_NUMBER) return undefined
  // JavaScript writes neither -0 nor zeros at the end of a fraction, and small numbers with an exponent.
  let isPlain = bytes[to - 1] !== ZERO || unsigned === from
  for (let at = unsigned; at < to && isPlain; at++) {
    const byte = bytes[at] ?? 0
    if (isDigit(byte)) continue
    const mayBeSmall = bytes[unsigned] === ZERO && bytes[at + 1] === ZERO && to - unsigned > '0.000001'.length
    isPlain = byte === DOT && bytes[to - 1] !== ZERO && !mayBeSmall
  }
  if (isPlain) return undefined
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  const value = Number(text)
  return Number.isFinite(value) ? String(value) : undefined
}

/**
 * Writes the string [from, to), without its quotes, into `out`, which has room for as many bytes. Returns the number of
 * bytes, or -1 if an escape is not valid. An unpaired surrogate becomes three bytes, as no character of UTF-8 does.
 */
export function unescapeString(
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  replacement?: number,
): number {
  let length = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (byte !== BACKSLASH) {
      out[length++] = byte
      continue
    }
    const next = bytes[++at] ?? 0
    if (next !== LETTER_U) {
      const meant = ESCAPES[next] ?? 0
      if (meant === 0 || at >= to) return -1
      out[length++] = meant
      continue
    }
    let unit = hexUnit(bytes, at + 1, to)
    if (unit < 0) return -1
    at += 4
    if (unit >= 0xd800 && unit <= 0xdbff && bytes[at + 1] === BACKSLASH && bytes[at + 2] === LETTER_U) {
      const low = hexUnit(bytes, at + 3, to)
      if (low >= 0xdc00 && low <= 0xdfff) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
        at += 6
      }
    }
    const isUnpaired = unit >= 0xd800 && unit <= 0xdfff
    length = writeUtf8(out, length, isUnpaired && replacement !== undefined ? replacement : unit)
  }
  return length
}

/** The code unit of four hexadecimal digits, or -1. */
function hexUnit(bytes: Uint8Array, at: number, to: number): number {
  if (at + 4 > to) return -1
  let unit = 0
  for (let digit = at; digit < at + 4; digit++) {
    const byte = bytes[digit] ?? 0
    const letter = (byte | 0x20) - 0x61
    if (isDigit(byte)) unit = unit * 16 + byte - ZERO
    else if (letter >= 0 && letter < 6) unit = unit * 16 + letter + 10
    else return -1
  }
  return unit
}

function writeUtf8(out: Uint8Array, at: number, point: number): number {
  let next = at
  if (point < 0x80) out[next++] = point
  else {
    if (point < 0x800) out[next++] = 0xc0 | (point >> 6)
    else {
      if (point < 0x10000) out[next++] = 0xe0 | (point >> 12)
      else {
        out[next++] = 0xf0 | (point >> 18)
        out[next++] = 0x80 | ((point >> 12) & 0x3f)
      }
      out[next++] = 0x80 | ((point >> 6) & 0x3f)
    }
    out[next++] = 0x80 | (point & 0x3f)
  }
  return next
}
