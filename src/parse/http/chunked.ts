/**
 * A decoder of the chunked transfer coding (RFC 9112 section 7.1). It removes the framing in place, and remembers the
 * sizes of the framing, to determine the wire size of a range of the body.
 */
import type { BodyRanges } from '../record.ts'
import { ChunkLog } from './chunk-log.ts'
import { type MalformedCode, MalformedResponse } from './malformed.ts'

/** Longest size line, with its extensions, in bytes. A longer one is an attack. */
const MAX_SIZE_LINE = 16 * 1024
const MAX_CHUNK_SIZE = Number.MAX_SAFE_INTEGER / 16
const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
const TAB = 0x09
const SEMICOLON = 0x3b

/**
 * `size`: before or among the digits. `space`: in white space after the digits, or in the line ending. `extension`: up to
 * the end of the line. `data`: in a chunk. `closing`: before the line ending that closes it. `last`: after the chunk of
 * size 0.
 */
type State = 'size' | 'space' | 'extension' | 'data' | 'closing' | 'last'

/** The value of a hexadecimal digit, or -1. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

export class ChunkedDecoder {
  #state: State = 'size'
  #bodyLength = 0
  #lineLength = 0
  #size = 0
  #left = 0
  /** The previous byte is a CR. */
  #isAfterCr = false
  #chunks: ChunkLog | undefined
  /** Length of the first line ending. Chunks are assumed to be closed by the same one. */
  #lineEnd = 0
  /** No chunk was closed by another line ending. */
  #isExact = true
  /** Where reading stopped in the latest bytes: after the last chunk, or at an error. */
  rest = 0
  /** The error; nothing after it is read. */
  fault: MalformedResponse | undefined
  /** A size line had white space after the number, or ended without a CR. */
  isOdd = false

  /** Length of the body so far, without framing. */
  get bodyLength(): number {
    return this.#bodyLength
  }

  /** The last chunk was read; trailers follow. */
  get done(): boolean {
    return this.#state === 'last'
  }

  /**
   * Reads the next bytes of the connection, in any split. Moves the data of chunks to the beginning of `bytes` and
   * returns their length.
   */
  push(bytes: Uint8Array): number {
    let at = 0
    let length = 0
    while (at < bytes.length && this.#state !== 'last' && this.fault === undefined) {
      if (this.#state === 'data') {
        const taken = Math.min(this.#left, bytes.length - at)
        if (at !== length) bytes.copyWithin(length, at, at + taken)
        length += taken
        at += taken
        this.#bodyLength += taken
        this.#left -= taken
        if (this.#left === 0) this.#state = 'closing'
      } else if (this.#state === 'closing') this.#close(bytes[at++] ?? 0)
      else at = this.#readSizeLine(bytes, at)
    }
    this.rest = at
    return length
  }

  /**
   * Wire size of the body range [start, end): a chunk's size line counts with its first byte, its closing line ending
   * with its last one. Ranges must be requested in order; what precedes `start` is forgotten. Undefined if the range has
   * not arrived, is forgotten, or cannot be known.
   */
  wireSpan(start: number, end: number): number | undefined {
    if (end > this.#bodyLength || !this.#isExact) return undefined
    const framing = this.#chunks?.framing(start, end) ?? (end === start ? 0 : undefined)
    return framing === undefined ? undefined : end - start + framing
  }

  /** As `wireSpan`, for many ranges. Returns false if those are not all known. */
  wireSpans(ranges: BodyRanges, into: Uint32Array): boolean {
    if ((ranges.to[ranges.count - 1] ?? 0) > this.#bodyLength || !this.#isExact) return false
    return this.#chunks?.sizes(ranges, into) === true
  }

  #close(byte: number): void {
    if (byte === LF) {
      if ((this.#isAfterCr ? 2 : 1) !== this.#lineEnd) this.#isExact = false
      this.#beginLine()
    } else if (byte === CR && !this.#isAfterCr) this.#isAfterCr = true
    else this.#fail('HTTP_INVALID', 'no line ending after chunk data')
  }

  #beginLine(): void {
    this.#state = 'size'
    this.#isAfterCr = false
    this.#size = 0
    this.#lineLength = 0
  }

  /** Reads more of a size line; returns where it stopped. */
  #readSizeLine(bytes: Uint8Array, from: number): number {
    let at = from
    if (this.#state === 'size') {
      let size = this.#size
      for (let digit = 0; at < bytes.length; at++) {
        digit = hexDigit(bytes[at] ?? 0)
        if (digit < 0) break
        size = size * 16 + digit
      }
      this.#size = size
      if (at < bytes.length) {
        if (this.#lineLength + at === from || size > MAX_CHUNK_SIZE) {
          this.#fail('HTTP_CHUNK_SIZE', 'Invalid chunk size')
          return at
        }
        this.#state = 'space'
        // A shortcut for the usual line ending.
        if (bytes[at] === CR && bytes[at + 1] === LF) {
          this.#lineLength += at + 2 - from
          this.#isAfterCr = true
          this.#endSizeLine()
          return at + 2
        }
      }
    }
    while (at < bytes.length && this.fault === undefined) {
      const byte = bytes[at++] ?? 0
      if (byte === LF) {
        this.#lineLength += at - from
        this.#endSizeLine()
        return at
      }
      this.#checkAfterSize(byte)
    }
    this.#lineLength += at - from
    if (this.#lineLength > MAX_SIZE_LINE)
      this.#fail('HTTP_OVERLONG', 'a chunk with a size line of more than 16 KiB')
    return at
  }

  /** RFC 9112 section 7.1.1, but white space may end the line. Extensions are ignored. */
  #checkAfterSize(byte: number): void {
    if (this.#state === 'space') {
      if (byte === SEMICOLON) this.#state = 'extension'
      else if (byte === SPACE || byte === TAB) this.isOdd = true
      if ((byte !== SEMICOLON && byte !== SPACE && byte !== TAB && byte !== CR) || this.#isAfterCr)
        this.#fail('HTTP_CHUNK_SIZE', 'Invalid chunk size')
    }
    this.#isAfterCr = byte === CR
  }

  #endSizeLine(): void {
    const lineEnd = this.#isAfterCr ? 2 : 1
    if (this.#lineEnd === 0) this.#lineEnd = lineEnd
    if (lineEnd === 1) this.isOdd = true
    if (this.#size === 0) {
      this.#state = 'last'
      return
    }
    this.#chunks ??= new ChunkLog(lineEnd)
    this.#chunks.add(this.#bodyLength, this.#size, this.#lineLength)
    this.#left = this.#size
    this.#isAfterCr = false
    this.#state = 'data'
  }

  #fail(code: MalformedCode, reason: string): void {
    this.fault = new MalformedResponse(code, reason)
  }
}
