/**
 * Reads a payload that is a JSON object from its line, without undoing the escapes and without parsing it: its size, its name, and
 * one whole number. Only reads objects whose strings have no escapes, as most have; others have to be parsed.
 */
import { NAMING_FIELDS } from '../shared/naming-fields.ts'

const SPACE = 0x20
const QUOTE = 0x22
const PLUS = 0x2b
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPENING_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const LETTER_E = 0x65
const LOWER_CASE = 0x20

/** Objects and arrays in each other at most: there is a bit for each. */
const MAX_DEPTH = 30
/** Digits of a number that is exact. */
const MAX_DIGITS = 15

/** What the JSON may go on with (RFC 8259). */
const NEXT = { value: 0, firstValue: 1, key: 2, firstKey: 3, colon: 4, rest: 5 } as const

const encoded = (text: string) => new TextEncoder().encode(text)
const tableOf = (bytes: Uint8Array) =>
  Uint8Array.from({ length: 256 }, (_, byte) => Number(bytes.includes(byte)))

/** 1 for what stands for white space after a backslash. */
const SPACE_ESCAPES = tableOf(encoded('nrt'))
const FIELDS = NAMING_FIELDS.map(encoded)
/** 1 for the first bytes of naming fields. */
const MAY_NAME = tableOf(Uint8Array.from(FIELDS, ([first = 0]) => first))
const LITERALS = ['true', 'false', 'null'].map(encoded)

export class LineJson {
  /** Bytes of the payload. */
  size = 0
  /** Where its name is, as `nameIn` finds it. `nameFrom` is -1 if it has none. */
  nameFrom = -1
  nameTo = -1
  /** The whole number at the place that is watched, also if it is written in a string. Undefined if none is found there. */
  integer: number | undefined
  #path: readonly Uint8Array[] = []

  /** Watches a place, such as `data.seq`: names of members, from the outermost on. */
  watch(place: string): void {
    this.#path = place.split('.').map(encoded)
  }

  /** Reads the JSON string whose content is [from, to), which is UTF-8. False if it has to be parsed. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    const path = this.#path
    let escapes = 0
    let depth = 0
    /** A bit for each open object or array, the innermost last: 1 for an object. */
    let objects = 0
    let next: number = NEXT.value
    /** Of the member at depth 1: rank of its name among the naming fields. */
    let rank = -1
    let best = FIELDS.length
    /** How many names of the path the open objects match, and whether the member of the innermost of these matches the next. */
    let matched = 0
    let isOnPath = false
    /** A bit for each name of the path that was found: the last of two equal names counts, so these are not for us. */
    let found = 0
    this.nameFrom = -1
    this.integer = undefined
    if (bytes[from] !== OPENING_BRACE) return false
    let at = from
    while (at < to) {
      const byte = bytes[at] ?? 0
      if (byte === BACKSLASH) {
        const escaped = bytes[at + 1] ?? 0
        if (escaped !== QUOTE) {
          if (SPACE_ESCAPES[escaped] !== 1) return false
          escapes++
          at += 2
          continue
        }
        if (next > NEXT.firstKey) return false
        const start = at + 2
        let end = start
        // As in `PlainPart`, only `break` leaves this loop.
        while (end < to) {
          const character = bytes[end] ?? 0
          if (character === BACKSLASH || character === QUOTE || character < SPACE) break
          end++
        }
        if (bytes[end] !== BACKSLASH || bytes[end + 1] !== QUOTE) return false
        escapes += 2
        at = end + 2
        if (next >= NEXT.key) {
          next = NEXT.colon
          if (depth === 1) rank = MAY_NAME[bytes[start] ?? 0] === 1 ? rankOf(bytes, start, end) : -1
          if (depth === matched + 1) {
            isOnPath = isEqual(bytes, start, end, path[matched])
            if (isOnPath) {
              if ((found & (1 << matched)) !== 0) return false
              found |= 1 << matched
            }
          }
          continue
        }
        next = NEXT.rest
        if (depth === 1 && rank >= 0 && rank < best) {
          best = rank
          this.nameFrom = start
          this.nameTo = end
        }
        if (isOnPath && depth === matched + 1 && depth === path.length)
          this.integer = wholeNumber(bytes, start, end)
      } else if (byte === COMMA) {
        if (next !== NEXT.rest || depth === 0) return false
        next = (objects & 1) === 1 ? NEXT.key : NEXT.value
        at++
      } else if (byte === COLON) {
        if (next !== NEXT.colon) return false
        next = NEXT.value
        at++
      } else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
        if (next > NEXT.firstValue || depth >= MAX_DEPTH) return false
        const isObject = byte === OPENING_BRACE
        if (isObject && isOnPath && depth === matched + 1) matched++
        depth++
        objects = (objects << 1) | Number(isObject)
        next = isObject ? NEXT.firstKey : NEXT.firstValue
        at++
      } else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) {
        const isObject = byte === CLOSING_BRACE
        if (depth === 0 || (objects & 1) !== Number(isObject)) return false
        if (next !== NEXT.rest && next !== (isObject ? NEXT.firstKey : NEXT.firstValue)) return false
        if (depth === matched + 1 && matched > 0) matched--
        depth--
        objects >>= 1
        next = NEXT.rest
        at++
      } else if (byte === SPACE) at++
      else {
        if (next > NEXT.firstValue) return false
        const isNumber = byte === MINUS || (byte >= ZERO && byte <= NINE)
        const end = isNumber ? endOfNumber(bytes, at) : endOfLiteral(bytes, at)
        if (end < 0) return false
        if (isNumber && isOnPath && depth === matched + 1 && depth === path.length)
          this.integer =
            byte === MINUS ? negative(wholeNumber(bytes, at + 1, end)) : wholeNumber(bytes, at, end)
        at = end
        next = NEXT.rest
      }
    }
    this.size = to - from - escapes
    return at === to && depth === 0
  }
}

function isEqual(bytes: Uint8Array, from: number, to: number, other: Uint8Array | undefined): boolean {
  if (other === undefined || to - from !== other.length) return false
  for (let at = 0; at < other.length; at++) if (bytes[from + at] !== other[at]) return false
  return true
}

/** Rank of a name among the naming fields. -1 if it is none. */
function rankOf(bytes: Uint8Array, from: number, to: number): number {
  for (let rank = 0; rank < FIELDS.length; rank++) if (isEqual(bytes, from, to, FIELDS[rank])) return rank
  return -1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}

function endOfDigits(bytes: Uint8Array, from: number): number {
  let at = from
  while (isDigit(bytes[at])) at++
  return at
}

/** Where the number that begins at `from` ends (RFC 8259 section 6). -1 if it is none. */
function endOfNumber(bytes: Uint8Array, from: number): number {
  const first = bytes[from] === MINUS ? from + 1 : from
  if (!isDigit(bytes[first])) return -1
  let at = first + 1
  // Zeros are rare. With a sum of its own for them, V8 would compile all of this again for the first one.
  if (bytes[first] !== ZERO) at = endOfDigits(bytes, at)
  if (bytes[at] === DOT) {
    const decimals = at + 1
    at = endOfDigits(bytes, decimals)
    if (at === decimals) return -1
  }
  if (((bytes[at] ?? 0) | LOWER_CASE) === LETTER_E) {
    at++
    if (bytes[at] === PLUS || bytes[at] === MINUS) at++
    const exponent = at
    at = endOfDigits(bytes, exponent)
    if (at === exponent) return -1
  }
  return at
}

/** The same of `true`, `false` or `null`. */
function endOfLiteral(bytes: Uint8Array, from: number): number {
  for (const literal of LITERALS)
    if (isEqual(bytes, from, from + literal.length, literal)) return from + literal.length
  return -1
}

/** The number that the bytes are. Undefined if they are not digits, or too many. */
function wholeNumber(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (to === from || to - from > MAX_DIGITS) return undefined
  let value = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (!isDigit(byte)) return undefined
    value = value * 10 + byte - ZERO
  }
  return value
}

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value
}
