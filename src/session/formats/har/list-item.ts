/**
 * Reads an item of a list of messages from its bytes, in any order of its members. `read-har-schema.ts` reads items that
 * are not as browsers and this program write them.
 */
import { PlainPart } from '../../json-string.ts'
import { endOfContent, endOfString, endOfValue, INVALID, skipSpace } from '../bytes/json-scan.ts'

const [QUOTE, BACKSLASH, COMMA, COLON, DOT, ZERO] = [0x22, 0x5c, 0x2c, 0x3a, 0x2e, 0x30]
const LETTER_E = 0x65
const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d]

/** The members that are read. Any other is skipped. */
const NAMES = [
  'time',
  'type',
  'data',
  'opcode',
  '_wireSize',
  'eventName',
  'eventId',
  '_dropped',
  '_sameId',
  '_encoding',
  '_automatic',
] as const
const MEMBERS = NAMES.map((name) => ({ name, bytes: Buffer.from(name) }))
type Member = (typeof MEMBERS)[number]
/** Types of WebSocket messages in HARs, and what they mean. */
export const DIRECTIONS = { send: 'out', sent: 'out', receive: 'in', received: 'in', error: 'error' } as const
const TYPES = Object.entries(DIRECTIONS).map(([name, direction]) => ({ bytes: Buffer.from(name), direction }))
/** Numbers of so many digits are exact, also without their decimal point. */
const MOST_DIGITS = 16
const MOST_EXACT = Number.MAX_SAFE_INTEGER
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, digits) => 10 ** digits)

/** A part of the bytes, without the quotes of a string. */
export interface Part {
  from: number
  to: number
}

export class ListItem {
  /** As it is in the file. Undefined if there is none. */
  time: number | undefined
  direction: 'in' | 'out' | 'error' | undefined
  opcode = 1
  wireSize: number | undefined
  dropped: number | undefined
  readonly data: Part = { from: 0, to: 0 }
  /** Bytes of the data as UTF-8. -1 if its plain part is not all of it, so that it has to be measured. */
  dataSize = -1
  /** Whether the data is ASCII, as far as it was measured. */
  isAscii = false
  readonly eventName: Part = { from: 0, to: 0 }
  readonly eventId: Part = { from: 0, to: 0 }
  #at = 0
  #member: Member | undefined
  readonly #plain = new PlainPart()
  /** The members of the latest items, in their places. */
  readonly #order: (Member | undefined)[] = []

  /** Reads the item at `from`. Returns where it ends, or a negative number if it is different or does not end before `to`. */
  read(bytes: Buffer, from: number, to: number): number {
    this.time = undefined
    this.direction = undefined
    this.opcode = 1
    this.wireSize = undefined
    this.dropped = undefined
    this.data.from = 0
    this.eventName.from = 0
    this.eventName.to = 0
    this.eventId.from = 0
    this.eventId.to = 0
    if (bytes[from] !== OPEN_OBJECT) return INVALID
    for (let at = from + 1, place = 0; ; at++, place++) {
      const colon = this.#endOfName(bytes, at, to, place)
      if (colon < 0) return INVALID
      const end = this.#readValue(bytes, skipSpace(bytes, colon + 1, to), to)
      if (end < 0) return INVALID
      at = skipSpace(bytes, end, to)
      if (bytes[at] === CLOSE_OBJECT && at < to) return this.data.from === 0 ? INVALID : at + 1
      if (bytes[at] !== COMMA) return INVALID
    }
  }

  /**
   * Where the colon after a name is. Leaves the member in `#member`. `place` counts the members of the item, which mostly are
   * in the order of the item before.
   */
  #endOfName(bytes: Buffer, from: number, to: number, place: number): number {
    let at = skipSpace(bytes, from, to)
    if (bytes[at] !== QUOTE) return INVALID
    const name = ++at
    const expected = this.#order[place]
    if (expected !== undefined && startsWith(bytes, name, expected.bytes)) {
      this.#member = expected
      at += expected.bytes.length
    } else {
      while (at < to && bytes[at] !== QUOTE) if (bytes[at++] === BACKSLASH) return INVALID
      this.#member = stringAt(bytes, name, MEMBERS)
      if (place < NAMES.length) this.#order[place] = this.#member
    }
    at = skipSpace(bytes, at + 1, to)
    return at < to && bytes[at] === COLON ? at : INVALID
  }

  #readValue(bytes: Buffer, at: number, to: number): number {
    switch (this.#member?.name) {
      case undefined:
        return endOfValue(bytes, at, Math.max(at, to))
      case 'time':
        this.time = this.#number(bytes, at, to)
        return this.time < 0 ? INVALID : this.#at
      case 'opcode':
        this.opcode = this.#integer(bytes, at, to)
        return this.opcode < 0 ? INVALID : this.#at
      case '_wireSize':
        this.wireSize = this.#integer(bytes, at, to)
        return this.wireSize < 0 ? INVALID : this.#at
      case '_dropped':
        this.dropped = this.#integer(bytes, at, to)
        return this.dropped < 0 ? INVALID : this.#at
      case 'data':
        return this.#data(bytes, at, to)
      case 'eventName':
        return string(this.eventName, bytes, at, to)
      case 'eventId':
        return string(this.eventId, bytes, at, to)
      case 'type': {
        const type = bytes[at] === QUOTE ? stringAt(bytes, at + 1, TYPES) : undefined
        if (type === undefined) return INVALID
        this.direction = type.direction
        return at + type.bytes.length + 2
      }
      default:
        // Rare: the schema reads them.
        return INVALID
    }
  }

  /** Looks at the bytes of most strings once: for their end and their size. */
  #data(bytes: Buffer, at: number, to: number): number {
    if (bytes[at] !== QUOTE) return INVALID
    const plain = this.#plain
    const plainEnd = plain.read(bytes, at + 1, to)
    const end = endOfContent(bytes, plainEnd, to)
    this.data.from = at + 1
    this.data.to = end - 1
    this.dataSize = end - 1 === plainEnd ? plainEnd - at - 1 - plain.escapes : -1
    this.isAscii = plain.isAscii
    return end
  }

  /** A whole number. -1 for any other value. */
  #integer(bytes: Buffer, at: number, to: number): number {
    const value = this.#number(bytes, at, to)
    return Number.isInteger(value) ? value : INVALID
  }

  /** A number without an exponent, rounded correctly. -1 for any other value. Leaves in `#at` where it ends. */
  #number(bytes: Buffer, from: number, to: number): number {
    let value = 0
    let point = -1
    let at = from
    for (; at < to; at++) {
      const byte = bytes[at] ?? 0
      if (byte === DOT && point < 0 && at > from) point = at
      else if (byte >= ZERO && byte <= ZERO + 9) value = value * 10 + byte - ZERO
      else break
    }
    this.#at = at
    const decimals = point < 0 ? 0 : at - point - 1
    const digits = at - from - (point < 0 ? 0 : 1)
    const isPadded = bytes[from] === ZERO && digits > 1 && point !== from + 1
    const isWhole = at < to && point !== at - 1 && ((bytes[at] ?? 0) | 0x20) !== LETTER_E
    if (digits === 0 || digits > MOST_DIGITS || value > MOST_EXACT || isPadded || !isWhole) return INVALID
    // Both are exact, so that the quotient is rounded correctly, like JSON.
    return value / (POWERS[decimals] ?? 1)
  }
}

/** The one of `texts` that is the string whose content begins at `at`. */
function stringAt<Text extends { readonly bytes: Buffer }>(
  bytes: Buffer,
  at: number,
  texts: readonly Text[],
): Text | undefined {
  // A function for each item would be an allocation for each of its members.
  for (const text of texts) if (startsWith(bytes, at, text.bytes)) return text
  return undefined
}

/** Whether the string whose content begins at `at` is this one. */
function startsWith(bytes: Buffer, at: number, text: Buffer): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false
  return bytes[at + text.length] === QUOTE
}

function string(part: Part, bytes: Buffer, at: number, to: number): number {
  if (bytes[at] !== QUOTE) return INVALID
  const end = endOfString(bytes, at, to)
  part.from = at + 1
  part.to = end - 1
  return end
}
