/**
 * Hashes JSON by its meaning, from its bytes: the order of members, white space, and how strings and numbers are written do
 * not matter. A hash of what is alike is made in the same pass.
 */
import { endOfNumber, skipSpace } from '../../formats/bytes/json-scan.ts'
import { blur, mayBlur } from './blur.ts'
import type { HashKey } from './half-sip-hash.ts'
import { JsonLevels, TOKEN } from './json-levels.ts'
import { BACKSLASH, DIGIT, IN_STRING, numberText, PLAIN, QUOTE, unescapeString } from './json-text.ts'
import { MemberNames } from './member-names.ts'

const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const LETTER_N = 0x6e

/** `unsure`: a member may occur twice, or it is nested deeply. */
export type Verdict = 'json' | 'not json' | 'unsure'

/** Arrays and objects in each other. `parseJson` decides about what is nested deeper. */
const MAX_DEPTH = 500

/** Members that commonly contain the type or name of a message. The first of them counts. */
const DISCRIMINATORS = ['type', 'event', 'op', 'action', 'method', 'kind', 'channel', 'topic']
/** Characters of the longest one with its quotes. */
const LONGEST_DISCRIMINATOR = 9
const NO_DISCRIMINATOR = DISCRIMINATORS.length
const LITERALS = ['true', 'false', 'null'].map((text) => Buffer.from(text))
const NOTHING = new Uint8Array(0)

export class JsonHasher {
  /** Halves of hashes: of the exact value, and of what is alike: without numbers, times and identifiers. */
  exactLow = 0
  exactHigh = 0
  similarLow = 0
  similarHigh = 0
  /** Of the member names of an object, or the type of the value. */
  shapeLow = 0
  shapeHigh = 0
  /** Of the member that names the message, or whether it is an array, an object or another value. */
  kindLow = 0
  kindHigh = 0
  /** The value is in level 0, the members of an object and the items of an array in the next one. */
  readonly #levels: JsonLevels
  readonly #names = new MemberNames()
  readonly #discriminators: Int32Array
  #discriminator = NO_DISCRIMINATOR
  #bytes: Uint8Array = NOTHING
  #at = 0
  #to = 0
  #isUnsure = false
  #isCanonical = false
  #isBlurred = false
  /** Of the string that was read last. */
  #hasEscape = false
  #hasDigit = false
  #unescaped = new Uint8Array(1024)
  #blurred = new Uint8Array(1024)

  constructor(key: HashKey) {
    this.#levels = new JsonLevels(key, MAX_DEPTH + 1)
    this.#discriminators = Int32Array.from(DISCRIMINATORS, (name) => {
      this.#levels.begin(0)
      this.#levels.string(0, Buffer.from(name), 0, name.length)
      return this.#levels.soFar(0)
    })
  }

  /**
   * Hashes the bytes [from, to). `isCanonical`: no member occurs twice. `isBlurred`: also what is alike, otherwise it is
   * what is exactly the same.
   */
  hash(bytes: Uint8Array, from: number, to: number, isCanonical: boolean, isBlurred: boolean): Verdict {
    this.#bytes = bytes
    this.#at = skipSpace(bytes, from, to)
    this.#to = to
    this.#names.clear()
    this.#isUnsure = false
    this.#isCanonical = isCanonical
    this.#isBlurred = isBlurred
    this.#discriminator = NO_DISCRIMINATOR
    this.shapeLow = 0
    this.shapeHigh = 0
    this.#levels.begin(0)
    const first = bytes[this.#at] ?? 0
    const isValue = this.#value(0)
    if (this.#isUnsure) return 'unsure'
    if (!isValue || skipSpace(bytes, this.#at, to) !== to) return 'not json'
    this.#finish(first)
    return 'json'
  }

  #finish(first: number): void {
    const levels = this.#levels
    levels.finish(0)
    this.exactLow = levels.low(0)
    this.exactHigh = levels.high(0)
    this.similarLow = levels.lowAlike(0)
    this.similarHigh = levels.highAlike(0)
    const type = first === OPEN_OBJECT ? TOKEN.object : first === OPEN_ARRAY ? TOKEN.array : 0
    if (type !== TOKEN.object) {
      this.shapeLow = type === 0 ? shapeOf(first) : type
      this.shapeHigh = -1
    }
    if (this.#discriminator === NO_DISCRIMINATOR) {
      this.kindLow = type
      this.kindHigh = -1
    }
  }

  /** Reads the value at `#at` into a level. False if there is none. */
  #value(level: number): boolean {
    const first = this.#bytes[this.#at] ?? 0
    if (first === QUOTE) return this.#string(level)
    if (first === OPEN_OBJECT) return this.#object(level)
    if (first === OPEN_ARRAY) return this.#array(level)
    return this.#scalar(level)
  }

  #object(level: number): boolean {
    if (level >= MAX_DEPTH) return this.#giveUp()
    const bytes = this.#bytes
    const names = this.#names.count
    this.#levels.beginMembers(level + 1)
    this.#skip(1)
    for (let isFirst = true; bytes[this.#at] !== CLOSE_OBJECT; isFirst = false) {
      if (!isFirst) {
        if (bytes[this.#at] !== COMMA) return false
        this.#skip(1)
      }
      if (!this.#member(level + 1)) return false
      this.#skip(0)
      if (this.#at >= this.#to) return false
    }
    if (this.#at >= this.#to) return false
    this.#at++
    if (!this.#isCanonical && this.#names.areRepeated(names)) return this.#giveUp()
    this.#levels.object(level, this.#names.count - names)
    this.#names.dropFrom(names)
    return true
  }

  #member(level: number): boolean {
    const levels = this.#levels
    const from = this.#at
    if (from >= this.#to || this.#bytes[from] !== QUOTE) return false
    levels.begin(level)
    if (!this.#name(level)) return false
    const name = levels.soFar(level)
    this.#names.push(name)
    let discriminator = NO_DISCRIMINATOR
    if (level === 1) {
      if (this.#at - from <= LONGEST_DISCRIMINATOR) discriminator = this.#rankOf(name)
      this.shapeLow = (this.shapeLow + name) | 0
      this.shapeHigh = (this.shapeHigh + levels.alsoSoFar(level)) | 0
    }
    this.#skip(0)
    if (this.#bytes[this.#at] !== COLON) return false
    this.#skip(1)
    const isString = this.#bytes[this.#at] === QUOTE
    if (this.#at >= this.#to || !this.#value(level)) return false
    levels.addMember(level)
    if (isString && discriminator < this.#discriminator) {
      this.#discriminator = discriminator
      this.kindLow = levels.low(level)
      this.kindHigh = levels.high(level)
    }
    return true
  }

  #array(level: number): boolean {
    if (level >= MAX_DEPTH) return this.#giveUp()
    const bytes = this.#bytes
    this.#levels.enter(level)
    this.#levels.token(level + 1, TOKEN.array)
    this.#skip(1)
    for (let isFirst = true; bytes[this.#at] !== CLOSE_ARRAY; isFirst = false) {
      if (!isFirst) {
        if (bytes[this.#at] !== COMMA) return false
        this.#skip(1)
      }
      if (this.#at >= this.#to || !this.#value(level + 1)) return false
      this.#skip(0)
      if (this.#at >= this.#to) return false
    }
    if (this.#at >= this.#to) return false
    this.#at++
    this.#levels.token(level + 1, TOKEN.end)
    this.#levels.leave(level)
    return true
  }

  #scalar(level: number): boolean {
    const bytes = this.#bytes
    for (let at = 0; at < LITERALS.length; at++) {
      const literal = LITERALS[at] ?? NOTHING
      if (bytes[this.#at] !== literal[0]) continue
      for (let i = 1; i < literal.length; i++) if (bytes[this.#at + i] !== literal[i]) return false
      this.#at += literal.length
      this.#levels.token(level, TOKEN.literal, at)
      return this.#at <= this.#to
    }
    const from = this.#at
    const end = endOfNumber(bytes, from, this.#to)
    if (end < 0) return false
    this.#at = end
    if (this.#isBlurred) this.#levels.alike(level, TOKEN.number, NOTHING, 0)
    const text = numberText(bytes, from, end)
    if (text === undefined) this.#levels.exactly(level, TOKEN.number, bytes, from, end)
    else this.#levels.exactly(level, TOKEN.number, Buffer.from(text), 0, text.length)
    return true
  }

  /** A name is never blurred. */
  #name(level: number): boolean {
    const from = this.#at + 1
    const end = this.#endOfString()
    if (end < 0) return false
    if (!this.#hasEscape) {
      this.#levels.string(level, this.#bytes, from, end)
      return true
    }
    const length = this.#unescape(from, end)
    if (length < 0) return false
    this.#levels.string(level, this.#unescaped, 0, length)
    return true
  }

  #string(level: number): boolean {
    const from = this.#at + 1
    const end = this.#endOfString()
    if (end < 0) return false
    if (!this.#hasEscape) {
      this.#text(level, this.#bytes, from, end)
      return true
    }
    const length = this.#unescape(from, end)
    if (length < 0) return false
    this.#text(level, this.#unescaped, 0, length)
    return true
  }

  #text(level: number, bytes: Uint8Array, from: number, to: number): void {
    if (!this.#isBlurred || !mayBlur(this.#hasDigit, to - from)) {
      this.#levels.string(level, bytes, from, to)
      return
    }
    if (this.#blurred.length < to - from) this.#blurred = new Uint8Array(2 * (to - from))
    const length = blur(bytes, from, to, this.#blurred)
    if (length < 0) {
      this.#levels.string(level, bytes, from, to)
      return
    }
    this.#levels.alike(level, TOKEN.string, this.#blurred, length)
    this.#levels.exactly(level, TOKEN.string, bytes, from, to)
  }

  /** The end of the string at `#at` without its quote, or -1. Moves `#at` behind it. */
  #endOfString(): number {
    const bytes = this.#bytes
    const to = this.#to
    let hasDigit = false
    let hasEscape = false
    for (let at = this.#at + 1; at < to; at++) {
      const byte = bytes[at] ?? 0
      const kind = IN_STRING[byte] ?? 0
      if (kind === PLAIN) continue
      if (kind === DIGIT) {
        hasDigit = true
        continue
      }
      if (byte === QUOTE) {
        this.#at = at + 1
        this.#hasEscape = hasEscape
        // An escape may stand for a digit.
        this.#hasDigit = hasDigit || hasEscape
        return at
      }
      if (byte !== BACKSLASH) return -1
      hasEscape = true
      at++
    }
    return -1
  }

  #unescape(from: number, to: number): number {
    if (this.#unescaped.length < to - from) this.#unescaped = new Uint8Array(2 * (to - from))
    return unescapeString(this.#bytes, from, to, this.#unescaped)
  }

  /** Moves on by a number of bytes and over white space. */
  #skip(count: number): void {
    this.#at = skipSpace(this.#bytes, this.#at + count, this.#to)
  }

  #giveUp(): false {
    this.#isUnsure = true
    return false
  }

  #rankOf(name: number): number {
    const known = this.#discriminators
    for (let rank = 0; rank < known.length; rank++) if (known[rank] === name) return rank
    return NO_DISCRIMINATOR
  }
}

/** The type of a value that is neither an array nor an object, by its first byte. */
function shapeOf(first: number): number {
  if (first === QUOTE) return TOKEN.string
  if (first === LETTER_N) return TOKEN.end
  return LITERALS.some((literal) => literal[0] === first) ? TOKEN.literal : TOKEN.number
}
