/** The envelopes of deflate data: gzip (RFC 1952), which consists of members, and zlib (RFC 1950). */
import { crc32 } from 'node:zlib'
import { badChecksum, notCoded } from '../failures.ts'
import { BareEnvelope, type Envelope, type Part } from './envelope.ts'

const GZIP_HEADER = 10
const GZIP_TRAILER = 8
const ZLIB_HEADER = 2
const ZLIB_TRAILER = 4
const MAGIC = [0x1f, 0x8b, 8]
/** Deflate data of an empty member, which do not need a decompressor. */
const EMPTY = [3, 0]
const HAS_CRC = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16

/** Collects a fixed number of bytes. */
class Field {
  readonly bytes: Uint8Array
  #filled = 0

  constructor(size: number) {
    this.bytes = new Uint8Array(size)
  }

  get isFull(): boolean {
    return this.#filled === this.bytes.length
  }

  /** Takes the missing bytes, as far as they have arrived; returns how many. */
  take(from: Uint8Array): number {
    const taken = from.subarray(0, this.bytes.length - this.#filled)
    this.bytes.set(taken, this.#filled)
    this.#filled += taken.length
    return taken.length
  }

  /** Whether the bytes that have arrived agree with these. */
  beginsWith(bytes: readonly number[]): boolean {
    return bytes.every((byte, index) => index >= this.#filled || this.bytes[index] === byte)
  }

  /** The bytes as a little-endian number. */
  number(at = 0, size = this.bytes.length): number {
    let value = 0
    for (let index = at + size - 1; index >= at; index--) value = value * 256 + (this.bytes[index] ?? 0)
    return value
  }
}

/** `between`: before a member. `start`: before its data. `text`: in a name or comment, which ends with NUL. */
type GzipState =
  | 'between'
  | 'header'
  | 'extraSize'
  | 'extra'
  | 'text'
  | 'headerCrc'
  | 'start'
  | 'data'
  | 'trailer'
  | 'foreign'

export class GzipEnvelope implements Envelope {
  #state: GzipState = 'between'
  #field = new Field(GZIP_HEADER)
  #flags = 0
  /** Whether a member is complete. */
  #any = false
  #crc = 0
  #size = 0

  get isComplete(): boolean {
    return this.#any && (this.#state === 'between' || this.#state === 'foreign')
  }

  next(bytes: Uint8Array): Part {
    switch (this.#state) {
      case 'start':
        this.#state = 'data'
        if (bytes[0] === EMPTY[0] && bytes[1] === EMPTY[1]) {
          this.over()
          return { kind: 'framing', length: EMPTY.length }
        }
        return { kind: 'data', length: bytes.length }
      case 'data':
        return { kind: 'data', length: bytes.length }
      case 'foreign':
        return { kind: 'foreign', length: bytes.length }
      case 'text': {
        const end = bytes.indexOf(0)
        if (end >= 0) this.#advance()
        return { kind: 'framing', length: end < 0 ? bytes.length : end + 1 }
      }
      case 'between':
        if (this.#any && bytes[0] !== MAGIC[0]) {
          this.#state = 'foreign'
          return { kind: 'foreign', length: bytes.length }
        }
        this.#expect('header', GZIP_HEADER)
    }
    const length = this.#field.take(bytes)
    if (this.#state === 'header' && !this.#field.beginsWith(MAGIC)) throw notCoded('gzip')
    if (this.#field.isFull) this.#complete()
    return { kind: 'framing', length }
  }

  decoded(bytes: Uint8Array): void {
    this.#crc = crc32(bytes, this.#crc)
    this.#size += bytes.length
  }

  over(): void {
    this.#expect('trailer', GZIP_TRAILER)
  }

  #expect(state: GzipState, size: number): void {
    this.#state = state
    this.#field = new Field(size)
  }

  /** A field of the header, or the trailer, is complete. */
  #complete(): void {
    const field = this.#field
    if (this.#state === 'trailer') {
      if (field.number(0, 4) !== this.#crc || field.number(4, 4) !== this.#size % 2 ** 32)
        throw badChecksum('gzip')
      this.#state = 'between'
      this.#any = true
      return
    }
    if (this.#state === 'header') {
      this.#flags = field.bytes[3] ?? 0
      this.#crc = 0
      this.#size = 0
    }
    if (this.#state === 'extraSize' && field.number() > 0) this.#expect('extra', field.number())
    else this.#advance()
  }

  /** Continues with the next field that the header's flags announce. */
  #advance(): void {
    const has = (flag: number) => {
      const isSet = (this.#flags & flag) !== 0
      this.#flags &= ~flag
      return isSet
    }
    if (has(HAS_EXTRA)) this.#expect('extraSize', 2)
    else if (has(HAS_NAME) || has(HAS_COMMENT)) this.#state = 'text'
    else if (has(HAS_CRC)) this.#expect('headerCrc', 2)
    else this.#state = 'start'
  }
}

/** `deflate` means zlib, but some servers send raw deflate. The first byte tells which (RFC 1950 section 2.2). */
export class ZlibEnvelope implements Envelope {
  readonly #raw = new BareEnvelope()
  #isRaw: boolean | undefined
  #field = new Field(ZLIB_HEADER)
  #state: 'header' | 'data' | 'trailer' | 'over' = 'header'
  #low = 1
  #high = 0

  get isComplete(): boolean {
    return this.#isRaw ? this.#raw.isComplete : this.#state === 'over'
  }

  next(bytes: Uint8Array): Part {
    this.#isRaw ??= ((bytes[0] ?? 0) & 0x0f) !== 8
    if (this.#isRaw) return this.#raw.next(bytes)
    if (this.#state === 'data') return { kind: 'data', length: bytes.length }
    if (this.#state === 'over') return { kind: 'foreign', length: bytes.length }
    const length = this.#field.take(bytes)
    if (this.#field.isFull) this.#complete()
    return { kind: 'framing', length }
  }

  /** Adler-32, in steps in which the sums do not exceed 32 bits. */
  decoded(bytes: Uint8Array): void {
    if (this.#isRaw) return
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + 3800)
      for (; at < end; at++) {
        this.#low += bytes[at] ?? 0
        this.#high += this.#low
      }
      this.#low %= 65521
      this.#high %= 65521
    }
  }

  over(): void {
    if (this.#isRaw) this.#raw.over()
    this.#state = 'trailer'
    this.#field = new Field(ZLIB_TRAILER)
  }

  #complete(): void {
    const { bytes } = this.#field
    if (this.#state === 'header') {
      const [first = 0, second = 0] = bytes
      // The check bits are right, and no preset dictionary is required.
      if ((first * 256 + second) % 31 !== 0 || (second & 0x20) !== 0) throw notCoded('deflate')
      this.#state = 'data'
      return
    }
    const [a = 0, b = 0, c = 0, d = 0] = bytes
    if (a * 256 + b !== this.#high || c * 256 + d !== this.#low) throw badChecksum('deflate')
    this.#state = 'over'
  }
}
