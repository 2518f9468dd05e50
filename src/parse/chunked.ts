/**
 * A scanner of the chunked transfer coding (RFC 9112 section 7.1). It knows which bytes on the connection are
 * framing, so that what a range of the body took there can be told, and can take plain framing off.
 */
import { ChunkLog } from './chunk-log.ts'

/** A size line is a number and its extensions; one longer than this is an attack. */
const MAX_SIZE_LINE = 16 * 1024
const MAX_CHUNK_SIZE = Number.MAX_SAFE_INTEGER / 16
const CRLF = 2
const CR = 0x0d
const LF = 0x0a
/** A size line without extensions has no more digits. */
const MAX_DIGITS = 13

type State = 'size' | 'extension' | 'data' | 'closing' | 'done' | 'invalid' | 'overlong'

/** The value of a hexadecimal digit, or -1. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

export interface Unwrapped {
  /** Bytes of data, from the beginning on. */
  readonly length: number
  /** Where reading stopped, and why: `broken` where no CRLF closes a chunk. */
  readonly rest: number
  readonly stop: 'other' | 'cut' | 'broken' | undefined
}

export class ChunkedScanner {
  #state: State = 'size'
  #bodyLength = 0
  #lineLength = 0
  #size = 0
  #left = 0
  readonly #chunks = new ChunkLog()

  /** Body bytes scanned so far, without framing. */
  get bodyLength(): number {
    return this.#bodyLength
  }

  /** The last chunk has come; trailers may follow. */
  get done(): boolean {
    return this.#state === 'done'
  }

  /** A size line went past the bound. */
  get overlong(): boolean {
    return this.#state === 'overlong'
  }

  /** Takes the next bytes that came on the connection, in any split. */
  push(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      switch (this.#state) {
        case 'size':
        case 'extension':
          at = this.#scanSizeLine(bytes, at)
          break
        case 'data': {
          const taken = Math.min(this.#left, bytes.length - at)
          at += taken
          this.#bodyLength += taken
          this.#left -= taken
          if (this.#left === 0) {
            this.#state = 'closing'
            this.#left = CRLF
          }
          break
        }
        case 'closing': {
          const taken = Math.min(this.#left, bytes.length - at)
          at += taken
          this.#left -= taken
          if (this.#left === 0) this.#state = 'size'
          break
        }
        default:
          return
      }
    }
  }

  /** Bytes that are still to come of the chunk under way, its closing CRLF included; undefined within a size line. */
  get leftOfChunk(): number | undefined {
    if (this.#state === 'data') return this.#left + CRLF
    if (this.#state === 'closing') return this.#left
    return this.#state === 'size' && this.#lineLength === 0 ? 0 : undefined
  }

  /**
   * Takes the framing off: moves the data of chunks to the beginning of `bytes`. Stops before whatever is no
   * chunk of data with a plain size line: the last chunk, one with extensions, one that is cut by the end of
   * `bytes`, one that is wrong.
   */
  unwrap(bytes: Uint8Array): Unwrapped {
    let at = 0
    let length = 0
    while (at < bytes.length) {
      if (this.#state === 'data') {
        const taken = Math.min(this.#left, bytes.length - at)
        if (at !== length) bytes.copyWithin(length, at, at + taken)
        length += taken
        at += taken
        this.#bodyLength += taken
        this.#left -= taken
        if (this.#left > 0) continue
        this.#state = 'closing'
        this.#left = CRLF
      } else if (this.#state === 'closing') {
        if (bytes[at] !== (this.#left === CRLF ? CR : LF)) return { length, rest: at, stop: 'broken' }
        at++
        this.#left--
        if (this.#left === 0) this.#state = 'size'
      } else {
        const end = this.#plainSizeLine(bytes, at)
        if (end === undefined) return { length, rest: at, stop: 'other' }
        if (end > bytes.length) return { length, rest: at, stop: 'cut' }
        at = end
      }
    }
    return { length, rest: at, stop: undefined }
  }

  /**
   * Bytes the body range [start, end) took on the connection: a chunk's size line counts with its first
   * byte, its closing CRLF with its last. Ranges are asked in order; what lies before `start` is forgotten.
   * Undefined for what was not scanned, or is forgotten.
   */
  wireSpan(start: number, end: number): number | undefined {
    if (end > this.#bodyLength) return undefined
    const framing = this.#chunks.framing(start, end)
    return framing === undefined ? undefined : end - start + framing
  }

  /**
   * Takes a size line of digits alone; returns where it ends, which is beyond `bytes` where it is cut, or
   * undefined, with nothing taken, for any other line.
   */
  #plainSizeLine(bytes: Uint8Array, from: number): number | undefined {
    let at = from
    let size = 0
    for (; at < bytes.length; at++) {
      const digit = hexDigit(bytes[at] ?? 0)
      if (digit < 0) break
      size = size * 16 + digit
    }
    if (at - from > MAX_DIGITS) return undefined
    if (at === bytes.length || (bytes[at] === CR && at + 1 === bytes.length)) return bytes.length + 1
    if (size === 0 || bytes[at] !== CR || bytes[at + 1] !== LF) return undefined
    this.#size = size
    this.#lineLength = at + CRLF - from
    this.#beginChunk()
    return at + CRLF
  }

  #scanSizeLine(bytes: Uint8Array, from: number): number {
    let at = from
    if (this.#state === 'size') {
      for (; at < bytes.length; at++) {
        const digit = hexDigit(bytes[at] ?? 0)
        if (digit < 0) {
          this.#state = this.#lineLength + (at - from) === 0 ? 'invalid' : 'extension'
          break
        }
        this.#size = this.#size * 16 + digit
        if (this.#size > MAX_CHUNK_SIZE) {
          this.#state = 'invalid'
          break
        }
      }
    }
    const lineFeed = this.#state === 'extension' ? bytes.indexOf(LF, at) : -1
    const end = lineFeed >= 0 ? lineFeed + 1 : this.#state === 'extension' ? bytes.length : at
    this.#lineLength += end - from
    if (this.#lineLength > MAX_SIZE_LINE) this.#state = 'overlong'
    else if (lineFeed >= 0) this.#beginChunk()
    return end
  }

  #beginChunk(): void {
    if (this.#size === 0) {
      this.#state = 'done'
      return
    }
    this.#chunks.add(this.#bodyLength, this.#size, this.#lineLength)
    this.#state = 'data'
    this.#left = this.#size
    this.#size = 0
    this.#lineLength = 0
  }
}
