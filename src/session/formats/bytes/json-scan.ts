/** Finds where JSON values end in bytes, without parsing them. */
import { PlainPart } from '../../json-string.ts'

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, PLUS, DOT, ZERO] = [
  0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x2b, 0x2e, 0x30,
]
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]
const SPACE = 0x20
const [LETTER_E, LETTER_U] = [0x65, 0x75]
const LITERALS = ['true', 'false', 'null'].map((literal) => Buffer.from(literal))

const flags = (characters: string) =>
  Uint8Array.from({ length: 256 }, (_, byte) => Number(characters.includes(String.fromCharCode(byte))))
/** RFC 8259 section 2. */
const WHITE_SPACE = flags(' \t\r\n')
/** What can follow a backslash, except `u` (RFC 8259 section 7). */
const ESCAPED = flags('"\\/bfnrt')
const HEX = flags('0123456789abcdefABCDEF')

/** The bytes are not JSON. */
export const INVALID = -1
/** The bytes end within the value. */
export const UNFINISHED = -2

export function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && WHITE_SPACE[bytes[at] ?? 0] === 1) at++
  return at
}

const plain = new PlainPart()

/** The position after the closing quote of the string that begins at `from`; or `INVALID`, or `UNFINISHED`. */
export function endOfString(bytes: Uint8Array, from: number, to: number): number {
  return endOfContent(bytes, plain.read(bytes, from + 1, to), to)
}

/** The same of a string whose content was read up to `from`, with its plain part at least. */
export function endOfContent(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (byte === QUOTE) return at + 1
    if (byte < SPACE) return INVALID
    if (byte !== BACKSLASH) continue
    const next = bytes[++at] ?? 0
    if (at >= to) return UNFINISHED
    if (ESCAPED[next] === 1) continue
    if (next !== LETTER_U) return INVALID
    for (let digit = at + 1; digit <= at + 4; digit++) {
      if (digit >= to) return UNFINISHED
      if (HEX[bytes[digit] ?? 0] === 0) return INVALID
    }
    at += 4
  }
  return UNFINISHED
}

function endOfDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && isDigit(bytes[at] ?? 0)) at++
  return at
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}

/** The position after the number; or `INVALID`, or `UNFINISHED`. A number that ends where the bytes end counts as finished. */
export function endOfNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from
  if (at >= to) return UNFINISHED
  const whole = at
  at = endOfDigits(bytes, at, to)
  if (at === whole || (bytes[whole] === ZERO && at > whole + 1)) return INVALID
  if (at < to && bytes[at] === DOT) {
    const decimals = at + 1
    at = endOfDigits(bytes, decimals, to)
    if (at === decimals) return at < to ? INVALID : UNFINISHED
  }
  if (at < to && ((bytes[at] ?? 0) | 0x20) === LETTER_E) {
    const sign = bytes[at + 1]
    const exponent = sign === PLUS || sign === MINUS ? at + 2 : at + 1
    at = endOfDigits(bytes, Math.min(exponent, to), to)
    if (at <= exponent - 1 || at === exponent) return at < to ? INVALID : UNFINISHED
  }
  return at
}

function endOfScalar(bytes: Uint8Array, from: number, to: number): number {
  const byte = bytes[from] ?? 0
  if (byte === QUOTE) return endOfString(bytes, from, to)
  if (byte === MINUS || isDigit(byte)) return endOfNumber(bytes, from, to)
  const literal = LITERALS.find((each) => each[0] === byte)
  if (literal === undefined) return INVALID
  for (let index = 0; index < literal.length; index++) {
    if (from + index >= to) return UNFINISHED
    if (bytes[from + index] !== literal[index]) return INVALID
  }
  return from + literal.length
}

/** Objects and arrays that are open, each as one bit: 1 for an object. */
class Nesting {
  depth = 0
  #bits = new Uint32Array(16)

  open(isObject: boolean): void {
    const word = this.depth >>> 5
    if (word === this.#bits.length) {
      const grown = new Uint32Array(2 * word)
      grown.set(this.#bits)
      this.#bits = grown
    }
    const bit = 1 << (this.depth & 31)
    this.#bits[word] = isObject ? (this.#bits[word] ?? 0) | bit : (this.#bits[word] ?? 0) & ~bit
    this.depth++
  }

  get isObject(): boolean {
    const last = this.depth - 1
    return (((this.#bits[last >>> 5] ?? 0) >>> (last & 31)) & 1) === 1
  }
}

/**
 * The position after the JSON value that begins at `from`, as `JSON.parse` reads it; or `INVALID`, or `UNFINISHED`. A number
 * that ends at `to` counts as finished. Its depth is not limited, and takes a bit each.
 */
export function endOfValue(bytes: Uint8Array, from: number, to: number): number {
  const first = bytes[from]
  if (from >= to) return UNFINISHED
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return endOfScalar(bytes, from, to)
  const nesting = new Nesting()
  let at = from
  for (;;) {
    // A value, or the end of an array that is empty.
    at = skipSpace(bytes, at, to)
    if (at >= to) return UNFINISHED
    const byte = bytes[at] ?? 0
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      nesting.open(byte === OPEN_OBJECT)
      at = skipSpace(bytes, at + 1, to)
      if (at >= to) return UNFINISHED
      if (bytes[at] !== (byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        if (byte === OPEN_OBJECT) at = endOfName(bytes, at, to)
        if (at < 0) return at
        continue
      }
    } else {
      at = endOfScalar(bytes, at, to)
      if (at < 0) return at
    }
    // What follows a value.
    for (;;) {
      at = skipSpace(bytes, at, to)
      if (at >= to) return UNFINISHED
      const next = bytes[at++]
      const { isObject } = nesting
      if (next === COMMA) {
        if (!isObject) break
        at = endOfName(bytes, skipSpace(bytes, at, to), to)
        if (at < 0) return at
        break
      }
      if (next !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return INVALID
      if (--nesting.depth === 0) return at
    }
  }
}

/** The position after the colon that follows a name. */
function endOfName(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to) return UNFINISHED
  if (bytes[from] !== QUOTE) return INVALID
  const end = endOfString(bytes, from, to)
  if (end < 0) return end
  const colon = skipSpace(bytes, end, to)
  if (colon >= to) return UNFINISHED
  return bytes[colon] === COLON ? colon + 1 : INVALID
}

/** Whether the bytes, which are UTF-8, are one JSON text. */
export function isJsonBytes(bytes: Uint8Array): boolean {
  const end = endOfValue(bytes, skipSpace(bytes, 0, bytes.length), bytes.length)
  return end >= 0 && skipSpace(bytes, end, bytes.length) === bytes.length
}
