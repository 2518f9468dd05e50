/**
 * Reads the members of a JSON object that say what a message is, without parsing its content: the state of a connection
 * does not need it.
 */
import { parseText } from './payload.ts'
import { hashed, shortText } from './short-texts.ts'
import { Unread } from './unread.ts'

const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPENING_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
/** Brackets and braces become 0x7f with these bits, and so do only few other bytes. */
const BRACKET_BITS = 0x26
/** Maximum number of digits of an integer that is exact as a number. */
const MAX_DIGITS = 15
/** Least number of slots: a power of 2. */
const MIN_SLOTS = 64

/** The members to read. The index of a member is that of its name. */
export interface HeadShape {
  /** The names as bytes. */
  readonly names: readonly Buffer[]
  /** By slot: the index of a name, or -1. The slot is the sum of first byte and length, or the next one that is free. */
  readonly slots: Int16Array
  /** As many values as names. */
  readonly empty: readonly undefined[]
}

export function headShape(members: Iterable<string>): HeadShape {
  const names = [...members].map((name) => Buffer.from(name))
  let size = MIN_SLOTS
  // At most half of the slots are taken, so that each search ends soon.
  while (size < 2 * names.length) size *= 2
  const slots = new Int16Array(size).fill(-1)
  for (const [index, name] of names.entries()) {
    let slot = ((name[0] ?? 0) + name.length) & (size - 1)
    while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (size - 1)
    slots[slot] = index
  }
  return { names, slots, empty: names.map(() => undefined) }
}

/** The members that were read, by index. */
export class Head {
  readonly members: unknown[]
  /** The members that it has: a bit for each index below 32. */
  present = 0
  /** By index: what a member becomes that is not read. */
  readonly #unread: (Unread | undefined)[]

  constructor({ empty }: HeadShape) {
    this.members = empty.slice()
    this.#unread = empty.slice()
  }

  /** Forgets the members. */
  clear(): void {
    const { members } = this
    this.present = 0
    for (let index = 0; index < members.length; index++) members[index] = undefined
  }

  /** An object or array in the bytes, as member `index`. */
  unread(index: number, bytes: Buffer, start: number, end: number): Unread {
    const known = this.#unread[index]
    if (known !== undefined) return known.reuse(bytes, start, end)
    const unread = new Unread(bytes, start, end)
    this.#unread[index] = unread
    return unread
  }
}

/**
 * Reads the bytes from `from` up to `to`. Undefined if the text is not an object, or has a form that this function does not
 * read: it then has to be parsed. White space and integers are read here too, because calls would take as long as the few
 * bytes that most of them have. `head` is filled and returned.
 */
export function readHead(
  bytes: Buffer,
  from: number,
  to: number,
  shape: HeadShape,
  head = new Head(shape),
): Head | undefined {
  const { members } = head
  head.clear()
  let present = 0
  let at = pastSpace(bytes, from, to)
  if (at >= to || bytes[at] !== OPENING_BRACE) return undefined
  at = pastSpace(bytes, at + 1, to)
  if (at < to && bytes[at] === CLOSING_BRACE) return pastSpace(bytes, at + 1, to) === to ? head : undefined
  for (;;) {
    if (at >= to || bytes[at] !== QUOTE) return undefined
    const nameAt = ++at
    // A name with an escape may be one of those to read.
    for (; at < to; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) break
      if (byte === BACKSLASH) return undefined
    }
    const index = indexOfName(bytes, nameAt, at, shape)
    at++
    if (at < to && bytes[at] !== COLON) at = pastSpace(bytes, at, to)
    if (at >= to || bytes[at] !== COLON) return undefined
    at++
    if (at < to && (bytes[at] as number) <= SPACE) at = pastSpace(bytes, at, to)
    if (at >= to) return undefined
    const valueAt = at
    let value: unknown
    let integer = 0
    for (; at < to; at++) {
      const digit = (bytes[at] as number) - ZERO
      if (digit < 0 || digit > 9) break
      integer = integer * 10 + digit
    }
    const digits = at - valueAt
    const sign = at < to ? bytes[at] : 0
    if (
      digits > 0 &&
      digits <= MAX_DIGITS &&
      (sign === COMMA || sign === CLOSING_BRACE) &&
      (digits === 1 || bytes[valueAt] !== ZERO)
    )
      value = integer
    else {
      at = endOfValue(bytes, valueAt, to)
      if (at < 0) return undefined
      if (index >= 0) value = valueIn(head, index, bytes, valueAt, at)
    }
    if (index >= 0) {
      if (value === undefined) return undefined
      members[index] = value
      present |= bitOf(index)
    }
    if (at < to && (bytes[at] as number) <= SPACE) at = pastSpace(bytes, at, to)
    if (at >= to) return undefined
    const end = bytes[at++]
    if (at < to && bytes[at] !== QUOTE) at = pastSpace(bytes, at, to)
    if (end === CLOSING_BRACE) {
      head.present = present
      return at === to ? head : undefined
    }
    if (end !== COMMA) return undefined
  }
}

/** The bit of a member in `Head.present`; 0 if it has none. */
export function bitOf(index: number): number {
  return index < 32 ? 1 << index : 0
}

function pastSpace(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte !== SPACE && byte !== LINE_FEED && byte !== RETURN && byte !== TAB) return at
  }
  return to
}

/** The index of the name of a member; -1 if it is not to be read. */
function indexOfName(bytes: Buffer, start: number, end: number, { names, slots }: HeadShape): number {
  const length = end - start
  const last = slots.length - 1
  for (let slot = ((bytes[start] as number) + length) & last; ; slot = (slot + 1) & last) {
    const index = slots[slot] as number
    if (index < 0) return -1
    const name = names[index]
    if (name !== undefined && name.length === length && isEqual(name, bytes, start)) return index
  }
}

function isEqual(name: Buffer, bytes: Buffer, start: number): boolean {
  for (let at = 0; at < name.length; at++) if (name[at] !== bytes[start + at]) return false
  return true
}

/** The index of the quotation mark that ends a string; -1 if it does not end. */
function endOfString(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at++
  }
  return -1
}

/** The end of the value; -1 if it does not end. */
function endOfValue(bytes: Buffer, from: number, to: number): number {
  if (from >= to) return -1
  const first = bytes[from]
  if (first === QUOTE) return endOfString(bytes, from + 1, to) + 1 || -1
  if (first !== OPENING_BRACE && first !== OPENING_BRACKET) return endOfLiteral(bytes, from, to)
  return endOfNested(bytes, from + 1, to)
}

/** The end of the object or array whose content begins at `from`. Brackets are counted, not matched. */
function endOfNested(bytes: Buffer, from: number, to: number): number {
  let depth = 1
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) {
      for (at++; at < to; at++) {
        const inside = bytes[at]
        if (inside === QUOTE) break
        if (inside === BACKSLASH) at++
      }
    } else if ((byte | BRACKET_BITS) === 0x7f) {
      if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) {
        if (--depth === 0) return at + 1
      } else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) depth++
    }
  }
  return -1
}

function endOfLiteral(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number
    if (byte === COMMA || byte === CLOSING_BRACE || byte <= SPACE) return at > from ? at : -1
  }
  return -1
}

/** An object or array is not parsed. Undefined if it is not JSON. */
function valueIn(head: Head, index: number, bytes: Buffer, start: number, end: number): unknown {
  const first = bytes[start]
  if (first === OPENING_BRACE || first === OPENING_BRACKET) return head.unread(index, bytes, start, end)
  if (first === QUOTE) return stringIn(bytes, start, end)
  return integerIn(bytes, start, end) ?? parseText(bytes.toString('latin1', start, end))
}

function stringIn(bytes: Buffer, start: number, end: number): unknown {
  let hash = 0
  for (let at = start + 1; at < end - 1; at++) {
    const byte = bytes[at] as number
    if (byte === BACKSLASH || byte < SPACE || byte > 0x7e)
      return parseText(bytes.toString('utf8', start, end))
    hash = hashed(hash, byte)
  }
  return shortText(bytes, start + 1, end - 1, hash)
}

function integerIn(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start > MAX_DIGITS || (bytes[start] === ZERO && end > start + 1)) return undefined
  let value = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte < ZERO || byte > NINE) return undefined
    value = value * 10 + byte - ZERO
  }
  return value
}
