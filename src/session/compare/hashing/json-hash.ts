/**
 * Hashes JSON by its meaning, from its bytes: the order of members, white space, and how strings and numbers are written do
 * not matter. A hash of what is alike is made in the same pass.
 */
import { blur, mayBlur } from './blur.ts'
import { absorb, absorbBytes, begin, finish, type HashKey } from './half-sip-hash.ts'
import {
  BACKSLASH,
  DIGIT,
  endOfNumber,
  IN_STRING,
  numberText,
  PLAIN,
  QUOTE,
  skipSpace,
  unescapeString,
} from './json-scan.ts'

const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const LETTER_N = 0x6e

/** `UNSURE`: a member occurs twice, or it is nested deeply. */
export type Verdict = 'json' | 'not json' | 'unsure'

/** Arrays and objects in each other. `parseJson` decides about what is nested deeper. */
const MAX_DEPTH = 500

/** The kinds of tokens, in the lowest bits of a word. The others are a length or a number. */
const STRING = 1
const NUMBER = 2
const LITERAL = 3
const ARRAY = 4
const END = 5
const OBJECT = 6
const KIND_BITS = 3

/**
 * The words of a level: the state of what is compared exactly, and of what is alike if it differs so far, which the flag
 * says. Then the same of the members of an object: the sums of their hashes, and the flag.
 */
const ALIKE = 4
const DIFFERS = 8
const SUM = 9
const SUM_ALIKE = 11
const SUM_DIFFERS = 13
const LEVEL = 16

/** Members that commonly contain the type or name of a message. The first of them counts. */
const DISCRIMINATORS = ['type', 'event', 'op', 'action', 'method', 'kind', 'channel', 'topic']
const LONGEST_DISCRIMINATOR = 7
const NO_DISCRIMINATOR = DISCRIMINATORS.length
const LITERALS = ['true', 'false', 'null'].map((text) => Buffer.from(text))

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
  readonly #key: HashKey
  readonly #words = new Int32Array((MAX_DEPTH + 3) * LEVEL)
  readonly #discriminators: Int32Array
  /** The names of the objects that are being read, innermost last. */
  #names = new Int32Array(256)
  #nameCount = 0
  #discriminator = NO_DISCRIMINATOR
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #to = 0
  #isUnsure = false
  #isCanonical = false
  #isBlurred = false
  #unescaped = new Uint8Array(1024)
  #blurred = new Uint8Array(1024)

  constructor(key: HashKey) {
    this.#key = key
    this.#discriminators = Int32Array.from(DISCRIMINATORS, (name) => {
      const bytes = Buffer.from(name)
      begin(this.#words, 0, key)
      this.#string(0, bytes, 0, bytes.length)
      return this.#nameOf(0)
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
    this.#nameCount = 0
    this.#isUnsure = false
    this.#isCanonical = isCanonical
    this.#isBlurred = isBlurred
    this.#discriminator = NO_DISCRIMINATOR
    this.shapeLow = 0
    this.shapeHigh = 0
    const words = this.#words
    begin(words, 0, this.#key)
    words[DIFFERS] = 0
    const first = bytes[this.#at] ?? 0
    const isValue = this.#value(0)
    if (this.#isUnsure) return 'unsure'
    if (!isValue || skipSpace(bytes, this.#at, to) !== to) return 'not json'
    this.#finish(first)
    return 'json'
  }

  #finish(first: number): void {
    const words = this.#words
    finish(words, 0)
    this.exactLow = words[0] ?? 0
    this.exactHigh = words[1] ?? 0
    this.similarLow = this.exactLow
    this.similarHigh = this.exactHigh
    if (words[DIFFERS] === 1) {
      finish(words, ALIKE)
      this.similarLow = words[ALIKE] ?? 0
      this.similarHigh = words[ALIKE + 1] ?? 0
    }
    const type = first === OPEN_OBJECT ? OBJECT : first === OPEN_ARRAY ? ARRAY : 0
    if (type !== OBJECT) {
      this.shapeLow = type === ARRAY ? ARRAY : shapeOf(first)
      this.shapeHigh = -1
    }
    if (this.#discriminator === NO_DISCRIMINATOR) {
      this.kindLow = type
      this.kindHigh = -1
    }
  }

  /** Reads the value at `#at` into the state of a level. False if there is none. */
  #value(level: number): boolean {
    const first = this.#bytes[this.#at] ?? 0
    if (first === QUOTE) return this.#readString(level * LEVEL)
    if (first === OPEN_OBJECT) return this.#object(level)
    if (first === OPEN_ARRAY) return this.#array(level)
    return this.#scalar(level * LEVEL)
  }

  #object(level: number): boolean {
    if (level >= MAX_DEPTH) return this.#giveUp()
    const bytes = this.#bytes
    const words = this.#words
    const o = level * LEVEL
    const p = o + LEVEL
    const names = this.#nameCount
    words.fill(0, p + SUM, p + LEVEL)
    this.#at = skipSpace(bytes, this.#at + 1, this.#to)
    for (let isFirst = true; bytes[this.#at] !== CLOSE_OBJECT; isFirst = false) {
      if (!isFirst) {
        if (bytes[this.#at] !== COMMA) return false
        this.#at = skipSpace(bytes, this.#at + 1, this.#to)
      }
      if (this.#at >= this.#to || bytes[this.#at] !== QUOTE) return false
      begin(words, p, this.#key)
      words[p + DIFFERS] = 0
      const nameAt = this.#at
      if (!this.#readName(p)) return false
      const name = this.#nameOf(p)
      this.#pushName(name)
      const isTop = level === 0
      const discriminator =
        isTop && this.#at - nameAt <= LONGEST_DISCRIMINATOR + 2 ? this.#rankOf(name) : NO_DISCRIMINATOR
      if (isTop) {
        this.shapeLow = (this.shapeLow + name) | 0
        this.shapeHigh = (this.shapeHigh + (words[p + 2] ?? 0)) | 0
      }
      this.#at = skipSpace(bytes, this.#at, this.#to)
      if (bytes[this.#at] !== COLON) return false
      this.#at = skipSpace(bytes, this.#at + 1, this.#to)
      const isString = bytes[this.#at] === QUOTE
      if (this.#at >= this.#to || !this.#value(level + 1)) return false
      this.#addMember(p, isString ? discriminator : NO_DISCRIMINATOR)
      this.#at = skipSpace(bytes, this.#at, this.#to)
      if (this.#at >= this.#to) return false
    }
    if (this.#at >= this.#to) return false
    this.#at++
    const count = this.#nameCount - names
    if (!this.#isCanonical && this.#hasRepeated(names)) return this.#giveUp()
    this.#nameCount = names
    this.#addObject(o, p, count)
    return true
  }

  /** Adds the hash of a member to the sums of its object. */
  #addMember(p: number, discriminator: number): void {
    const words = this.#words
    const differs = words[p + DIFFERS] === 1
    finish(words, p)
    if (differs) finish(words, p + ALIKE)
    const alike = differs ? p + ALIKE : p
    words[p + SUM] = (words[p + SUM] ?? 0) + (words[p] ?? 0)
    words[p + SUM + 1] = (words[p + SUM + 1] ?? 0) + (words[p + 1] ?? 0)
    words[p + SUM_ALIKE] = (words[p + SUM_ALIKE] ?? 0) + (words[alike] ?? 0)
    words[p + SUM_ALIKE + 1] = (words[p + SUM_ALIKE + 1] ?? 0) + (words[alike + 1] ?? 0)
    if (differs) words[p + SUM_DIFFERS] = 1
    if (discriminator >= this.#discriminator) return
    this.#discriminator = discriminator
    this.kindLow = words[p] ?? 0
    this.kindHigh = words[p + 1] ?? 0
  }

  #addObject(o: number, p: number, count: number): void {
    const words = this.#words
    if (words[p + SUM_DIFFERS] === 1) this.#diverge(o)
    const token = OBJECT | (count << KIND_BITS)
    if (words[o + DIFFERS] === 1) {
      absorb(words, o + ALIKE, token)
      absorb(words, o + ALIKE, words[p + SUM_ALIKE] ?? 0)
      absorb(words, o + ALIKE, words[p + SUM_ALIKE + 1] ?? 0)
    }
    absorb(words, o, token)
    absorb(words, o, words[p + SUM] ?? 0)
    absorb(words, o, words[p + SUM + 1] ?? 0)
  }

  #array(level: number): boolean {
    if (level >= MAX_DEPTH) return this.#giveUp()
    const bytes = this.#bytes
    const o = level * LEVEL
    const words = this.#words
    // Its items go into a level of their own, so that the depth is that of the nesting.
    const p = o + LEVEL
    words.copyWithin(p, o, o + DIFFERS + 1)
    this.#token(p, ARRAY)
    this.#at = skipSpace(bytes, this.#at + 1, this.#to)
    for (let isFirst = true; bytes[this.#at] !== CLOSE_ARRAY; isFirst = false) {
      if (!isFirst) {
        if (bytes[this.#at] !== COMMA) return false
        this.#at = skipSpace(bytes, this.#at + 1, this.#to)
      }
      if (this.#at >= this.#to || !this.#value(level + 1)) return false
      this.#at = skipSpace(bytes, this.#at, this.#to)
      if (this.#at >= this.#to) return false
    }
    if (this.#at >= this.#to) return false
    this.#at++
    this.#token(p, END)
    words.copyWithin(o, p, p + DIFFERS + 1)
    return true
  }

  #scalar(o: number): boolean {
    const bytes = this.#bytes
    for (const [at, literal] of LITERALS.entries()) {
      if (bytes[this.#at] !== literal[0]) continue
      for (let i = 1; i < literal.length; i++) if (bytes[this.#at + i] !== literal[i]) return false
      this.#at += literal.length
      this.#token(o, LITERAL | (at << KIND_BITS))
      return this.#at <= this.#to
    }
    const from = this.#at
    const end = endOfNumber(bytes, from, this.#to)
    if (end < 0) return false
    this.#at = end
    if (this.#isBlurred) {
      this.#diverge(o)
      absorb(this.#words, o + ALIKE, NUMBER)
    }
    const text = numberText(bytes, from, end)
    if (text === undefined) this.#exactly(o, NUMBER, bytes, from, end)
    else this.#exactly(o, NUMBER, Buffer.from(text), 0, text.length)
    return true
  }

  /** A name is never blurred. */
  #readName(o: number): boolean {
    const bytes = this.#bytes
    const from = this.#at + 1
    const end = this.#endOfString()
    if (end < 0) return false
    if (this.#hasEscape) {
      const length = this.#unescape(from, end)
      if (length < 0) return false
      this.#string(o, this.#unescaped, 0, length)
    } else this.#string(o, bytes, from, end)
    return true
  }

  #readString(o: number): boolean {
    const from = this.#at + 1
    const end = this.#endOfString()
    if (end < 0) return false
    if (!this.#hasEscape) this.#text(o, this.#bytes, from, end)
    else {
      const length = this.#unescape(from, end)
      if (length < 0) return false
      this.#text(o, this.#unescaped, 0, length)
    }
    return true
  }

  #hasEscape = false
  #hasDigit = false

  /** The end of the string at `#at` without its quote, or -1. Moves `#at` behind it. */
  #endOfString(): number {
    const bytes = this.#bytes
    const to = this.#to
    let digits = 0
    this.#hasEscape = false
    for (let at = this.#at + 1; at < to; at++) {
      const byte = bytes[at] ?? 0
      const kind = IN_STRING[byte] ?? 0
      if (kind === PLAIN) continue
      if (kind === DIGIT) {
        digits = 1
        continue
      }
      if (byte === QUOTE) {
        this.#at = at + 1
        this.#hasDigit = digits === 1
        return at
      }
      if (byte !== BACKSLASH) return -1
      this.#hasEscape = true
      digits = 1
      at++
    }
    return -1
  }

  #unescape(from: number, to: number): number {
    if (this.#unescaped.length < to - from) this.#unescaped = new Uint8Array(2 * (to - from))
    return unescapeString(this.#bytes, from, to, this.#unescaped)
  }

  /** Absorbs the text of a string. */
  #text(o: number, bytes: Uint8Array, from: number, to: number): void {
    const words = this.#words
    if (this.#isBlurred && mayBlur(this.#hasDigit, to - from)) {
      if (this.#blurred.length < to - from) this.#blurred = new Uint8Array(2 * (to - from))
      const length = blur(bytes, from, to, this.#blurred)
      if (length >= 0) {
        this.#diverge(o)
        absorb(words, o + ALIKE, STRING | (length << KIND_BITS))
        absorbBytes(words, o + ALIKE, this.#blurred, 0, length)
        this.#exactly(o, STRING, bytes, from, to)
        return
      }
    }
    this.#string(o, bytes, from, to)
  }

  /** Absorbs a string into both states. */
  #string(o: number, bytes: Uint8Array, from: number, to: number): void {
    this.#exactly(o, STRING, bytes, from, to)
    const words = this.#words
    if (words[o + DIFFERS] !== 1) return
    absorb(words, o + ALIKE, STRING | ((to - from) << KIND_BITS))
    absorbBytes(words, o + ALIKE, bytes, from, to)
  }

  #exactly(o: number, kind: number, bytes: Uint8Array, from: number, to: number): void {
    absorb(this.#words, o, kind | ((to - from) << KIND_BITS))
    absorbBytes(this.#words, o, bytes, from, to)
  }

  /** Absorbs a word into both states. */
  #token(o: number, word: number): void {
    const words = this.#words
    absorb(words, o, word)
    if (words[o + DIFFERS] === 1) absorb(words, o + ALIKE, word)
  }

  /** From here on, what is alike has a state of its own. */
  #diverge(o: number): void {
    const words = this.#words
    if (words[o + DIFFERS] === 1) return
    for (let at = o; at < o + ALIKE; at++) words[at + ALIKE] = words[at] ?? 0
    words[o + DIFFERS] = 1
  }

  #giveUp(): false {
    this.#isUnsure = true
    return false
  }

  /** A number for the name that a state has absorbed. */
  #nameOf(p: number): number {
    return (this.#words[p + 1] ?? 0) ^ (this.#words[p + 3] ?? 0)
  }

  #rankOf(name: number): number {
    const known = this.#discriminators
    for (let rank = 0; rank < known.length; rank++) if (known[rank] === name) return rank
    return NO_DISCRIMINATOR
  }

  #pushName(name: number): void {
    if (this.#nameCount === this.#names.length) {
      const grown = new Int32Array(this.#names.length * 2)
      grown.set(this.#names)
      this.#names = grown
    }
    this.#names[this.#nameCount++] = name
  }

  /** Whether two of the names from a position on may be the same. */
  #hasRepeated(from: number): boolean {
    const names = this.#names
    const to = this.#nameCount
    if (to - from > 16) {
      const sorted = names.slice(from, to).sort()
      return sorted.some((name, at) => at > 0 && name === sorted[at - 1])
    }
    for (let one = from + 1; one < to; one++)
      for (let other = from; other < one; other++) if (names[one] === names[other]) return true
    return false
  }
}

/** The type of a value that is neither an array nor an object, by its first byte. */
function shapeOf(first: number): number {
  if (first === QUOTE) return STRING
  const isLiteral = LITERALS.some((literal) => literal[0] === first)
  return isLiteral ? LITERAL + (first === LETTER_N ? 1 << KIND_BITS : 0) : NUMBER
}
