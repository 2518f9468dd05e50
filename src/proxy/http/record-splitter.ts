/** Splits the content of a response into records with their delimiters, to pass them on one by one. */

const LF = 0x0a
const CR = 0x0d

export class RecordSplitter {
  readonly #isEvents: boolean
  #pieces: Uint8Array[] = []
  #size = 0
  #isBlankLine = true
  #isAfterCr = false
  /** The LF that follows ends the record. */
  #endsWithLf = false

  /** Events end with a blank line (HTML standard, section 9.2.6), other records with a line feed. */
  constructor(isEvents: boolean) {
    this.#isEvents = isEvents
  }

  /** Bytes of the record that is not complete. */
  get waiting(): number {
    return this.#size
  }

  /** Takes the next bytes, and returns copies of the records that they complete. */
  push(bytes: Uint8Array): Uint8Array[] {
    const records: Uint8Array[] = []
    let from = 0
    for (let at = 0; at < bytes.length; at++) {
      if (!this.#endsAt(bytes, at)) continue
      this.#keep(bytes.subarray(from, at + 1))
      records.push(this.rest())
      from = at + 1
    }
    this.#keep(bytes.subarray(from))
    return records
  }

  /** Takes out the record that is not complete. */
  rest(): Uint8Array {
    const rest = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#size = 0
    return rest
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#pieces.push(Uint8Array.from(bytes))
    this.#size += bytes.length
  }

  #endsAt(bytes: Uint8Array, at: number): boolean {
    const byte = bytes[at]
    if (!this.#isEvents) return byte === LF
    const isAfterCr = this.#isAfterCr
    this.#isAfterCr = byte === CR
    if (byte !== LF && byte !== CR) {
      this.#isBlankLine = false
      return false
    }
    if (byte === LF && isAfterCr) {
      const ends = this.#endsWithLf
      this.#endsWithLf = false
      return ends
    }
    const ends = this.#isBlankLine
    this.#isBlankLine = true
    // A LF that arrives later belongs to the next record, which it does not change.
    this.#endsWithLf = ends && byte === CR && bytes[at + 1] === LF
    return ends && !this.#endsWithLf
  }
}
