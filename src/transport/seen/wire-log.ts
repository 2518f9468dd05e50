/** The sizes on the connection of the pieces in which a source of traffic reports a body. */

interface Piece {
  /** Where its bytes begin and end in the body. */
  readonly start: number
  readonly end: number
  /** Bytes of framing that belong to its first and its last byte; undefined if that is not known. */
  readonly before: number | undefined
  readonly after: number | undefined
  /** Undefined if it is not known exactly. */
  readonly wireSize: number | undefined
}

/** Largest number of pieces that are remembered. */
const MAX_PIECES = 65_536
/** Line ending of a chunk (RFC 9112 section 7.1). */
const CRLF = 2

export class WireLog {
  #pieces: Piece[] = []
  /** The pieces before this one are forgotten. */
  #head = 0
  #length = 0
  #total: number | undefined = 0
  /** Ranges that begin before this offset are forgotten. */
  #forgotten = 0

  /** Bytes on the connection of all pieces; undefined if not known exactly. */
  get total(): number | undefined {
    return this.#total
  }

  /** Adds the next piece, of `size` bytes. */
  add(size: number, wireSize: number | undefined): void {
    this.#total = this.#total === undefined || wireSize === undefined ? undefined : this.#total + wireSize
    const start = this.#length
    this.#length += size
    this.#pieces.push({ start, end: this.#length, wireSize, ...edges(size, wireSize) })
    if (this.#pieces.length - this.#head > MAX_PIECES) this.#forgetHalf()
  }

  /**
   * Bytes on the connection of the range [start, end) of the body. Undefined if they are not known exactly: the range begins or
   * ends inside a piece whose framing could be on either side, or begins in a part that is forgotten. Forgets what precedes
   * `start`.
   */
  span(start: number, end: number): number | undefined {
    if (start < this.#forgotten) return undefined
    while ((this.#pieces[this.#head]?.end ?? end) <= start && this.#head < this.#pieces.length) this.#head++
    if (this.#head > 1024 && this.#head > this.#pieces.length / 2) this.#compact()
    let size: number | undefined = 0
    for (let index = this.#head; index < this.#pieces.length; index++) {
      const piece = this.#pieces[index]
      if (piece === undefined || piece.start >= end) break
      const part = partOf(piece, start, end)
      size = part === undefined || size === undefined ? undefined : size + part
    }
    return size
  }

  #forgetHalf(): void {
    this.#head += MAX_PIECES / 2
    this.#compact()
    this.#forgotten = this.#pieces[0]?.start ?? 0
  }

  #compact(): void {
    this.#pieces = this.#pieces.slice(this.#head)
    this.#head = 0
  }
}

/** Bytes on the connection of the part of a piece that is in the range [start, end). */
function partOf(piece: Piece, start: number, end: number): number | undefined {
  const isWhole = piece.start >= start && piece.end <= end
  if (isWhole) return piece.wireSize
  if (piece.before === undefined || piece.after === undefined) return undefined
  const size = Math.min(piece.end, end) - Math.max(piece.start, start)
  return size + (piece.start >= start ? piece.before : 0) + (piece.end <= end ? piece.after : 0)
}

/** Where the framing of a piece is, if its size shows that: there is none, or the piece is one chunk, or the end of one. */
function edges(size: number, wireSize: number | undefined): Pick<Piece, 'before' | 'after'> {
  if (wireSize === undefined) return { before: undefined, after: undefined }
  const framing = wireSize - size
  const sizeLine = size.toString(16).length + CRLF
  if (framing === 0) return { before: 0, after: 0 }
  if (framing === CRLF) return { before: 0, after: CRLF }
  if (framing === sizeLine + CRLF) return { before: sizeLine, after: CRLF }
  return { before: undefined, after: undefined }
}
