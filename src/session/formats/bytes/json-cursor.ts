/** Reads a JSON file value by value, with only a window of it in memory. */
import { readFully } from '../../../capture/disk/files.ts'
import { tryParseJson } from '../../../shared/text/json-text.ts'
import { endOfValue, INVALID, skipSpace, UNFINISHED } from './json-scan.ts'

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Bytes of the longest name of a member that is read. */
const LONGEST_NAME = 64 * 1024
/** A character of a string takes up to six bytes (`\u0001`). */
const MOST_EXPANSION = 6

/** U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** The file is not JSON. */
export class InvalidJson extends Error {}

/** A value in the window: bytes [from, to). Valid until the next call of the cursor. */
export interface Span {
  readonly bytes: Buffer
  readonly from: number
  readonly to: number
}

export class JsonCursor {
  readonly #fd: number
  readonly #size: number
  #window: Buffer
  /** Position of the window in the file, and the part of it that was read. */
  #start = 0
  #end = 0
  /** Position of the cursor in the window. */
  #at = 0

  /** `size` is the number of bytes in the window, which grows for larger values. */
  constructor(fd: number, size: number, position = 0) {
    this.#fd = fd
    this.#size = size
    this.#window = Buffer.allocUnsafeSlow(size)
    this.#start = position
  }

  /** Position of the cursor in the file. */
  get position(): number {
    return this.#start + this.#at
  }

  seek(position: number): void {
    const at = position - this.#start
    if (at >= 0 && at <= this.#end) this.#at = at
    else {
      this.#start = position
      this.#at = 0
      this.#end = 0
    }
  }

  /** The next byte that is not white space, which stays the next one. -1 at the end of the file. */
  peek(): number {
    for (;;) {
      this.#at = skipSpace(this.#window, this.#at, this.#end)
      if (this.#at < this.#end) return this.#window[this.#at] ?? 0
      if (!this.#more()) return -1
    }
  }

  get isAtArray(): boolean {
    return this.peek() === OPEN_ARRAY
  }

  get isAtObject(): boolean {
    return this.peek() === OPEN_OBJECT
  }

  get isAtString(): boolean {
    return this.peek() === QUOTE
  }

  /** Skips a byte order mark at the beginning of the file. */
  skipMark(): void {
    if (this.#end === 0) this.#more()
    if (BYTE_ORDER_MARK.every((byte, index) => this.#window[index] === byte && index < this.#end))
      this.#at = BYTE_ORDER_MARK.length
  }

  /** Throws `InvalidJson` if the file does not end here. */
  expectEnd(): void {
    if (this.peek() !== -1) throw new InvalidJson()
  }

  /** The names of the members of an object. After each, its value is read, or else skipped with the next name. */
  *names(): Generator<string> {
    this.#expect(OPEN_OBJECT)
    if (this.#take(CLOSE_OBJECT)) return
    do {
      const name = this.#name()
      const before = this.position
      yield name
      if (this.position === before) this.skip()
    } while (this.#take(COMMA))
    this.#expect(CLOSE_OBJECT)
  }

  /** Reads the members of an object. `member` gets each name, and reads the value or leaves it to be skipped. */
  members(member: (name: string) => void): void {
    for (const name of this.names()) member(name)
  }

  /** Reads the name of a member, up to its value. Empty if it is too long. */
  #name(): string {
    if (this.peek() !== QUOTE) throw new InvalidJson()
    const name = this.parse(LONGEST_NAME)
    this.#expect(COLON)
    this.peek()
    return typeof name === 'string' ? name : ''
  }

  /** Begins to read an array. Whether it has an item. */
  beginItems(): boolean {
    this.#expect(OPEN_ARRAY)
    return !this.#take(CLOSE_ARRAY)
  }

  /** Continues after an item. Whether there is another one. */
  nextItem(): boolean {
    const at = this.#at
    // Mostly, the comma follows at once.
    if (at < this.#end && this.#window[at] === COMMA) {
      this.#at = at + 1
      return true
    }
    if (this.#take(COMMA)) return true
    this.#expect(CLOSE_ARRAY)
    return false
  }

  /** Reads a value of at most `limit` bytes. Skips a larger one, and returns undefined. */
  value(limit: number): Span | undefined {
    this.peek()
    for (;;) {
      const to = endOfValue(this.#window, this.#at, this.#end)
      if (to >= 0) {
        const from = this.#at
        this.#at = to
        return { bytes: this.#window, from, to }
      }
      if (to === INVALID) throw new InvalidJson()
      if (this.#end - this.#at > limit) {
        this.skip()
        return undefined
      }
      if (to === UNFINISHED && !this.#more()) throw new InvalidJson()
    }
  }

  /** Parses a value of at most `limit` bytes. Skips a larger one, and returns undefined. */
  parse(limit: number): unknown {
    const span = this.value(limit)
    return span === undefined ? undefined : parseSpan(span)
  }

  /** Reads a value with `read`, if it is whole in the window and `read` returns where it ends rather than a negative number. */
  tryValue(read: (bytes: Buffer, from: number, to: number) => number): boolean {
    const to = read(this.#window, this.#at, this.#end)
    if (to < 0) return false
    this.#at = to
    return true
  }

  /** Reads the first `length` characters of a string of more than six times as many bytes, which stays the next value. */
  head(length: number): string {
    const bytes = MOST_EXPANSION * (length + 2)
    while (this.#end - this.#at < bytes && this.#more());
    const from = this.#at
    for (let to = Math.min(from + bytes, this.#end); to > from; to--) {
      // It can be cut within an escape.
      const text = tryParseJson(`${this.#window.toString('utf8', from, to)}"`)
      if (typeof text === 'string') return text.slice(0, length)
    }
    throw new InvalidJson()
  }

  /** Skips a value of any size. Within it, only its strings and brackets are looked at. */
  skip(): void {
    const first = this.peek()
    if (first === QUOTE) {
      this.#skipString()
      return
    }
    if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
      if (this.value(LONGEST_NAME) === undefined) throw new InvalidJson()
      return
    }
    let depth = 0
    do {
      if (this.peek() < 0) throw new InvalidJson()
      const bytes = this.#window
      const end = this.#end
      let at = this.#at
      for (; at < end && bytes[at] !== QUOTE; at++) {
        const byte = bytes[at]
        if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
        else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) break
      }
      this.#at = at
      if (at < end && bytes[at] === QUOTE) this.#skipString()
    } while (depth > 0)
    this.#at++
  }

  #skipString(): void {
    let at = this.#at + 1
    for (;;) {
      const bytes = this.#window
      const end = this.#end
      while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
      this.#at = at
      if (at < end) break
      // An escape can be cut at the end of the window.
      this.#at = end
      const isCut = at > end
      if (!this.#more()) throw new InvalidJson()
      at = this.#at + (isCut ? 1 : 0)
    }
    this.#at++
  }

  #take(byte: number): boolean {
    if (this.peek() !== byte) return false
    this.#at++
    return true
  }

  #expect(byte: number): void {
    if (!this.#take(byte)) throw new InvalidJson()
  }

  /** Reads more of the file, and forgets what is before the cursor. False at the end of the file. */
  #more(): boolean {
    const kept = this.#end - this.#at
    if (kept >= this.#window.length) this.#resize(2 * kept)
    else if (this.#window.length > this.#size && kept < this.#size) this.#resize(this.#size)
    else this.#window.copyWithin(0, this.#at, this.#end)
    this.#start += this.#at
    this.#at = 0
    const room = this.#window.subarray(kept)
    const read = readFully(this.#fd, room, this.#start + kept)
    this.#end = kept + read
    return read > 0
  }

  #resize(size: number): void {
    const before = this.#window.subarray(this.#at, this.#end)
    this.#window = Buffer.allocUnsafeSlow(size)
    this.#window.set(before)
  }
}

export function parseSpan({ bytes, from, to }: Span): unknown {
  return JSON.parse(bytes.toString('utf8', from, to))
}
