/** Texts that many lines have, compared four bytes at a time: comparing them byte by byte takes longer than all else in a head. */

const WORD = 4

/** The bytes of a block of lines, with a view to read four of them at any position. */
export interface LineBytes {
  readonly bytes: Uint8Array
  readonly view: DataView
}

export function lineBytes(bytes: Uint8Array): LineBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
}

/** A text that may come next in a line. */
export class LineText {
  readonly #words: Int32Array
  /** The last bytes, which do not fill a word. */
  readonly #rest = new Uint8Array(WORD)
  #wordCount = 0
  #restCount = 0
  /** In bytes. 0 if there is none. */
  length = 0

  /** `most` is the length in bytes of the longest text to keep. */
  constructor(most: number) {
    this.#words = new Int32Array(Math.ceil(most / WORD))
  }

  static of(text: string): LineText {
    const bytes = new TextEncoder().encode(text)
    const made = new LineText(bytes.length)
    made.keep(lineBytes(bytes), 0, bytes.length)
    return made
  }

  /** Becomes a copy of the bytes [from, to), or of none if they are too long. */
  keep({ bytes, view }: LineBytes, from: number, to: number): void {
    this.length = to - from > this.#words.length * WORD ? 0 : to - from
    this.#wordCount = Math.floor(this.length / WORD)
    this.#restCount = this.length % WORD
    let at = from
    for (let word = 0; word < this.#wordCount; word++, at += WORD) this.#words[word] = view.getInt32(at, true)
    for (let rest = 0; rest < this.#restCount; rest++) this.#rest[rest] = bytes[at + rest] ?? 0
  }

  forget(): void {
    this.length = 0
  }

  /** Whether the bytes from `at` on begin with it. There must be one. */
  isAt({ bytes, view }: LineBytes, at: number): boolean {
    if (at + this.length > bytes.length) return false
    const words = this.#words
    let from = at
    for (let word = 0; word < this.#wordCount; word++, from += WORD)
      if (view.getInt32(from, true) !== words[word]) return false
    const rest = this.#rest
    for (let i = 0; i < this.#restCount; i++) if (bytes[from + i] !== rest[i]) return false
    return true
  }
}
