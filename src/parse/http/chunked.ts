/**
 * A decoder of the chunked transfer coding (RFC 9112 section 7.1). It takes the framing off in place, and remembers
 * which bytes on the connection were framing, so that what a range of the body took there can be told.
 */
import { ChunkLog } from './chunk-log.ts'
import { type MalformedCode, MalformedResponse } from './malformed.ts'

/** A size line is a number and its extensions; one longer than this is an attack. */
const MAX_SIZE_LINE = 16 * 1024
const MAX_CHUNK_SIZE = Number.MAX_SAFE_INTEGER / 16
const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
const TAB = 0x09
const SEMICOLON = 0x3b

/**
 * `size`: before or among the digits. `space`: in white space behind them, or the line's end. `extension`: anywhere up to
 * the line's end. `data`: in a chunk. `closing`: before the line end that closes it. `last`: the chunk of size 0 has come.
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
  /** The byte before was a CR. */
  #isAfterCr = false
  #chunks: ChunkLog | undefined
  /** How many bytes end the first line; chunks are taken to be closed like it. */
  #lineEnd = 0
  /** None was closed otherwise. */
  #isExact = true
  /** Where reading stopped in the bytes pushed last: behind the last chunk, or at what is wrong. */
  rest = 0
  /** What is wrong; nothing behind it is read. */
  fault: MalformedResponse | undefined
  /** A size line had white space behind the number, or ended without a CR. */
  isOdd = false

  /** Body bytes so far, without framing. */
  get bodyLength(): number {
    return this.#bodyLength
  }

  /** The last chunk has come; trailers follow. */
  get done(): boolean {
    return this.#state === 'last'
  }

  /**
   * Takes the next bytes that came on the connection, in any split. Moves the data of chunks to the beginning of
   * `bytes` and returns their length.
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
   * Bytes the body range [start, end) took on the connection: a chunk's size line counts with its first byte, its
   * closing line end with its last. Ranges are asked in order; what lies before `start` is forgotten. Undefined for
   * what has not come, is forgotten, or cannot be known.
   */
  wireSpan(start: number, end: number): number | undefined {
    if (end > this.#bodyLength || !this.#isExact) return undefined
    const framing = this.#chunks?.framing(start, end) ?? (end === start ? 0 : undefined)
    return framing === undefined ? undefined : end - start + framing
  }

  #close(byte: number): void {
    if (byte === LF) {
      if ((this.#isAfterCr ? 2 : 1) !== this.#lineEnd) this.#isExact = false
      this.#beginLine()
    } else if (byte === CR && !this.#isAfterCr) this.#isAfterCr = true
    else this.#fail('HTTP_INVALID', 'no line end behind chunk data')
  }

  #beginLine(): void {
    this.#state = 'size'
    this.#isAfterCr = false
    this.#size = 0
    this.#lineLength = 0
  }

  /** Reads on in a size line; returns where it stopped. */
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
        // As nearly every line ends.
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
      this.#checkBehindSize(byte)
    }
    this.#lineLength += at - from
    if (this.#lineLength > MAX_SIZE_LINE)
      this.#fail('HTTP_OVERLONG', 'a chunk with a size line of more than 16 KiB')
    return at
  }

  /** RFC 9112 section 7.1.1, but white space may end the line; what an extension says is passed over. */
  #checkBehindSize(byte: number): void {
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
