/**
 * A scanner of the chunked transfer coding (RFC 9112 section 7.1). It decodes nothing: it only knows which
 * bytes on the connection are framing, so that what a range of the body took there can be told.
 */

/** A size line is a number and its extensions; one longer than this is an attack. */
const MAX_SIZE_LINE = 16 * 1024
const MAX_CHUNK_SIZE = Number.MAX_SAFE_INTEGER / 16
/** Chunks remembered at most where nobody asks for their spans. */
const MAX_REMEMBERED = 1 << 18
const CRLF = 2
const LF = 0x0a

type State = 'size' | 'extension' | 'data' | 'closing' | 'done' | 'invalid' | 'overlong'

/** The value of a hexadecimal digit, or -1. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

export class ChunkedScanner {
  #state: State = 'size'
  #bodyLength = 0
  #lineLength = 0
  #size = 0
  #left = 0
  /** Per remembered chunk: where its data starts in the body, how long it is, how long its size line was. */
  #starts: number[] = []
  #sizes: number[] = []
  #lines: number[] = []
  #head = 0
  /** Spans that begin before this body offset can no longer be told. */
  #forgotten = 0

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

  /**
   * Bytes the body range [start, end) took on the connection: a chunk's size line counts with its first
   * byte, its closing CRLF with its last. Ranges are asked in order; what lies before `start` is forgotten.
   * Undefined for what was not scanned, or is forgotten.
   */
  wireSpan(start: number, end: number): number | undefined {
    if (start < this.#forgotten || end > this.#bodyLength) return undefined
    let span = end - start
    for (let index = this.#head; index < this.#starts.length; index++) {
      const first = this.#starts[index] ?? 0
      if (first >= end) break
      const past = first + (this.#sizes[index] ?? 0)
      if (first >= start) span += this.#lines[index] ?? 0
      if (past > start && past <= end) span += CRLF
      if (past <= end) this.#head = index + 1
    }
    this.#compact()
    return span
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
    if (this.#starts.length - this.#head >= MAX_REMEMBERED) this.#forgetOldest()
    this.#starts.push(this.#bodyLength)
    this.#sizes.push(this.#size)
    this.#lines.push(this.#lineLength)
    this.#state = 'data'
    this.#left = this.#size
    this.#size = 0
    this.#lineLength = 0
  }

  #forgetOldest(): void {
    this.#head += MAX_REMEMBERED >> 1
    this.#forgotten = this.#starts[this.#head] ?? this.#bodyLength
    this.#compact()
  }

  #compact(): void {
    if (this.#head < 1024 && this.#head < this.#starts.length) return
    this.#starts.splice(0, this.#head)
    this.#sizes.splice(0, this.#head)
    this.#lines.splice(0, this.#head)
    this.#head = 0
  }
}
