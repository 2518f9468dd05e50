/** Measures JSON strings in valid UTF-8 without creating strings. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const SOLIDUS = 0x2f
const LF = 0x0a
const CR = 0x0d
const LETTER_U = 0x75
/** 1 for the characters that can follow a backslash, except `u` (RFC 8259 section 7). */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, byte) => Number(Buffer.from('"\\/bfnrt').includes(byte)))
/** The same for those that `JSON.stringify` writes. */
const SHORTEST = ESCAPED.map((is, byte) => (byte === SOLIDUS ? 0 : is))
/** The characters that these stand for. */
const UNESCAPED = Uint8Array.from({ length: 256 }, (_, byte) =>
  ESCAPED[byte] === 1 ? JSON.parse(`"\\${String.fromCharCode(byte)}"`).charCodeAt(0) : 0,
)
/** The same without line ends. */
const UNESCAPED_IN_LINE = UNESCAPED.map((byte) => (isLineEnd(byte) ? 0 : byte))
/** 1 for the control characters that they stand for. */
const SHORT = Uint8Array.from({ length: SPACE }, (_, unit) => Number(UNESCAPED.includes(unit) && unit > 0))
/** Bytes from which on a native copy is faster. */
const LONG = 256
/** Bytes of `\uXXXX`. */
const UNICODE_ESCAPE = 6
/** Bytes of U+FFFD in UTF-8, which replaces an unpaired surrogate. */
const REPLACEMENT = 3
/** The padding character of base64. */
const PADDING = 0x3d

/** The beginning of a JSON string that takes one look at its bytes, as most strings do to their end. */
export class PlainPart {
  /** Escapes in it. Each is two bytes that stand for one. */
  escapes = 0
  /** Whether it is ASCII. */
  isAscii = true

  /**
   * Reads the content of a string from `from`. Returns the place of the first byte that is neither a character nor an escape of two
   * bytes that `JSON.stringify` writes: a quote, `\uXXXX`, what is invalid, or `to`. One more if `to` is within an escape.
   */
  read(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    let escapes = 0
    let bits = 0
    // V8 makes this loop twice as fast if only `break` leaves it, and nothing in it is a call.
    while (at < to) {
      const byte = bytes[at] ?? 0
      bits |= byte
      if (byte === BACKSLASH) {
        if (SHORTEST[bytes[at + 1] ?? 0] !== 1) break
        escapes++
        at += 2
      } else {
        if (byte < SPACE || byte === QUOTE) break
        at++
      }
    }
    this.escapes = escapes
    this.isAscii = bits < 0x80
    return at
  }
}

/** Shared, since one string is read at a time. */
const plain = new PlainPart()

/**
 * The length in UTF-8 of the JSON string whose content is [from, to). -1 if a quote ends it before `to`, or if it
 * is not valid.
 */
export function stringSize(bytes: Uint8Array, from: number, to: number): number {
  const at = plain.read(bytes, from, to)
  if (at === to) return to - from - plain.escapes
  const rest = at > to ? -1 : sizeWithUnicode(bytes, at, to)
  return rest < 0 ? -1 : at - from - plain.escapes + rest
}

/** As `stringSize`, for a string with `\uXXXX` or `\/`. */
function sizeWithUnicode(bytes: Uint8Array, from: number, to: number): number {
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

/**
 * The UTF-8 of the JSON string whose content is [from, to), as a copy. `size` is its length, as `stringSize` returned it. An
 * unpaired surrogate becomes U+FFFD.
 */
export function stringBytes(bytes: Buffer, from: number, to: number, size: number): Buffer {
  const target = Buffer.allocUnsafe(size)
  if (size === to - from) {
    if (size >= LONG) bytes.copy(target, 0, from, to)
    else for (let at = 0; at < size; at++) target[at] = bytes[from + at] ?? 0
    return target
  }
  writeString(bytes, from, to, target, 0)
  return target
}

/**
 * Writes the UTF-8 of the JSON string whose content is [from, to) to `target` at `start`, and returns where it ends: it
 * is at most as long as the content. -1 if the content is not valid, or has line ends and must be one line. An unpaired
 * surrogate becomes U+FFFD.
 */
export function writeString(
  bytes: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  start: number,
  isOneLine = false,
): number {
  const unescaped = isOneLine ? UNESCAPED_IN_LINE : UNESCAPED
  let at = from
  let end = start
  // As in `PlainPart`, only `break` leaves this loop.
  while (at < to) {
    let byte = bytes[at] ?? 0
    if (byte === BACKSLASH) {
      byte = unescaped[bytes[at + 1] ?? 0] ?? 0
      if (byte === 0) break
      at += 2
    } else {
      if (byte < SPACE || byte === QUOTE) break
      at++
    }
    target[end++] = byte
  }
  return at === to ? end : writeWithUnicode(bytes, at, to, target, end, isOneLine)
}

/** As `writeString`, for a string with `\uXXXX`. */
function writeWithUnicode(
  bytes: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  start: number,
  isOneLine: boolean,
): number {
  const unescaped = isOneLine ? UNESCAPED_IN_LINE : UNESCAPED
  let end = start
  let at = from
  while (at < to) {
    const byte = bytes[at] ?? 0
    if (byte !== BACKSLASH) {
      if (byte < SPACE || byte === QUOTE) return -1
      target[end++] = byte
      at++
      continue
    }
    const next = bytes[at + 1] ?? 0
    if (next !== LETTER_U) {
      const character = unescaped[next] ?? 0
      if (character === 0) return -1
      target[end++] = character
      at += 2
      continue
    }
    const unit = codeUnit(bytes, at, to)
    if (unit < 0 || (isOneLine && isLineEnd(unit))) return -1
    at += UNICODE_ESCAPE
    const low = isHigh(unit) ? codeUnit(bytes, at, to) : -1
    if (isLow(low)) at += UNICODE_ESCAPE
    end = writeCharacter(target, end, unit, low)
  }
  return at === to ? end : -1
}

function isLineEnd(unit: number): boolean {
  return unit === LF || unit === CR
}

/** Writes the character of a code unit, or of a pair, and returns where it ends (RFC 3629 section 3). */
function writeCharacter(target: Uint8Array, at: number, unit: number, low: number): number {
  if (unit < 0x80) {
    target[at] = unit
    return at + 1
  }
  if (unit < 0x800) {
    target[at] = 0xc0 | (unit >> 6)
    target[at + 1] = 0x80 | (unit & 0x3f)
    return at + 2
  }
  const isPair = isLow(low)
  if (!isPair) {
    const point = isHigh(unit) || isLow(unit) ? 0xfffd : unit
    target[at] = 0xe0 | (point >> 12)
    target[at + 1] = 0x80 | ((point >> 6) & 0x3f)
    target[at + 2] = 0x80 | (point & 0x3f)
    return at + 3
  }
  const point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
  target[at] = 0xf0 | (point >> 18)
  target[at + 1] = 0x80 | ((point >> 12) & 0x3f)
  target[at + 2] = 0x80 | ((point >> 6) & 0x3f)
  target[at + 3] = 0x80 | (point & 0x3f)
  return at + 4
}

/** As `stringSize`, but also -1 if `JSON.stringify` would not write the string with the same bytes. */
export function stringifiedSize(bytes: Uint8Array, from: number, to: number): number {
  const size = stringSize(bytes, from, to)
  const isShortest = size < 0 || size === to - from - plain.escapes
  return isShortest || isStringified(bytes, from, to) ? size : -1
}

/** Whether `JSON.stringify` writes the valid JSON string whose content is [from, to) with the same bytes. */
function isStringified(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (bytes[at] !== BACKSLASH) continue
    const next = bytes[++at] ?? 0
    if (next === SOLIDUS) return false
    if (next !== LETTER_U) continue
    // Only control characters without a shorter escape, in lower case (ECMA-262 section 25.5.2.3).
    const last = bytes[at + 4] ?? 0
    const unit = codeUnit(bytes, at - 1, to)
    if (unit >= SPACE || SHORT[unit] === 1 || (last >= 0x41 && last <= 0x46)) return false
  }
  return true
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

/** The bytes of the base64 in [from, to), as a copy. */
export function base64Bytes(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.from(bytes.toString('latin1', from, to), 'base64')
}

function isBase64(byte: number): boolean {
  const letter = byte | 0x20
  return (
    (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2f
  )
}
