/** Measures JSON strings in valid UTF-8 without creating strings. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const LETTER_U = 0x75
/** 1 for the characters that can follow a backslash, except `u` (RFC 8259 section 7). */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, byte) => Number(Buffer.from('"\\/bfnrt').includes(byte)))
/** Bytes of `\uXXXX`. */
const UNICODE_ESCAPE = 6
/** Bytes of U+FFFD in UTF-8, which replaces an unpaired surrogate. */
const REPLACEMENT = 3
/** The padding character of base64. */
const PADDING = 0x3d

/**
 * The length in UTF-8 of the JSON string whose content is [from, to). -1 if a quote ends it before `to`, or if it
 * is not valid.
 */
export function stringSize(bytes: Uint8Array, from: number, to: number): number {
  let size = to - from
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (byte !== BACKSLASH) {
      if (byte < SPACE || byte === QUOTE) return -1
      continue
    }
    if (at + 1 >= to) return -1
    const next = bytes[at + 1] ?? 0
    if (ESCAPED[next] === 1) {
      size--
      at++
      continue
    }
    const unit = codeUnit(bytes, at, to)
    if (unit < 0) return -1
    const isPair = isHigh(unit) && isLow(codeUnit(bytes, at + UNICODE_ESCAPE, to))
    const length = isPair ? 2 * UNICODE_ESCAPE : UNICODE_ESCAPE
    size += (isPair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : REPLACEMENT) - length
    at += length - 1
  }
  return size
}

/** The code unit of the `\uXXXX` at `at`. -1 if there is none before `to`. */
function codeUnit(bytes: Uint8Array, at: number, to: number): number {
  if (at + UNICODE_ESCAPE > to || bytes[at] !== BACKSLASH || bytes[at + 1] !== LETTER_U) return -1
  let unit = 0
  for (let digit = at + 2; digit < at + UNICODE_ESCAPE; digit++) {
    const value = hexDigit(bytes[digit] ?? 0)
    if (value < 0) return -1
    unit = unit * 16 + value
  }
  return unit
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** The decoded length of the base64 in [from, to). -1 if it is not in canonical form (RFC 4648 section 4). */
export function base64Size(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from
  if (length % 4 !== 0) return -1
  const padding = bytes[to - 1] !== PADDING || length === 0 ? 0 : bytes[to - 2] === PADDING ? 2 : 1
  for (let at = from; at < to - padding; at++) if (!isBase64(bytes[at] ?? 0)) return -1
  return (length / 4) * 3 - padding
}

function isBase64(byte: number): boolean {
  const letter = byte | 0x20
  return (
    (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2f
  )
}
