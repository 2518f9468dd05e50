/** Finds the name of a JSON object in its bytes, without parsing it. */
import { NAMING_FIELDS } from '../shared/naming-fields.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPENING_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

const FIELDS = NAMING_FIELDS.map((name) => Buffer.from(name))

/**
 * The string in the best naming field of the object that begins at `from`. The object may be cut off or be no valid JSON. Fields
 * of nested objects do not count. Undefined if there is none.
 */
export function nameIn(bytes: Buffer, from: number): string | undefined {
  let best = FIELDS.length
  let name: string | undefined
  let depth = 0
  /** Rank of the last key, -1 for another one. */
  let key = -1
  let isValue = false
  for (let at = from; at < bytes.length; at++) {
    switch (bytes[at]) {
      case OPENING_BRACE:
      case OPENING_BRACKET:
        depth++
        break
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        depth--
        if (depth === 0) return name
        break
      case COLON:
        if (depth === 1) isValue = true
        break
      case COMMA:
        if (depth > 1) break
        isValue = false
        key = -1
        break
      case QUOTE: {
        const start = at + 1
        at = endOfString(bytes, start)
        if (at < 0) return name
        if (depth > 1) break
        if (!isValue) key = rankOf(bytes, start, at)
        else if (key >= 0 && key < best) {
          best = key
          name = unescaped(bytes.toString('utf8', start, at))
          if (best === 0) return name
        }
      }
    }
  }
  return name
}

/** Position of the quote that ends the string. -1 if it does not end. */
function endOfString(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at++
  }
  return -1
}

/** Index of the key in `NAMING_FIELDS`, or -1. */
function rankOf(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++)
    if (bytes[at] === BACKSLASH)
      return NAMING_FIELDS.indexOf(unescaped(bytes.toString('utf8', from, to)) ?? '')
  for (let rank = 0; rank < FIELDS.length; rank++) if (equals(bytes, from, to, FIELDS[rank])) return rank
  return -1
}

function equals(bytes: Buffer, from: number, to: number, other: Buffer | undefined): boolean {
  if (other === undefined || to - from !== other.length) return false
  for (let at = 0; at < other.length; at++) if (bytes[from + at] !== other[at]) return false
  return true
}

function unescaped(string: string): string | undefined {
  try {
    return string.includes('\\') ? String(JSON.parse(`"${string}"`)) : string
  } catch {
    // JSON does not know this escape, so the string is not a name.
    return undefined
  }
}
