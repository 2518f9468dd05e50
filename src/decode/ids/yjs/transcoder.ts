/** Copies bytes in the encoding of lib0, with other ids of clients. */
import { varintAt } from '../../protocols/varint.ts'
import { encodeVarint } from '../encode-varint.ts'

/** Bytes of an integer up to 2^53. */
const MAX_VARINT = 8

/** Throws an error if the bytes end early or are not what they have to be. */
export class Transcoder {
  readonly #bytes: Uint8Array
  readonly #replace: (client: number) => number
  #at = 0
  #copied = 0
  #parts: Uint8Array[] = []

  constructor(bytes: Uint8Array, replace: (client: number) => number) {
    this.#bytes = bytes
    this.#replace = replace
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length
  }

  /** What was read, with the other ids. The rest follows as it is. */
  result(): Uint8Array {
    return this.#parts.length === 0
      ? this.#bytes
      : Buffer.concat([...this.#parts, this.#bytes.subarray(this.#copied)])
  }

  number(): number {
    const number = varintAt(this.#bytes, this.#at, MAX_VARINT)
    if (number === undefined) throw new Error('An integer is not complete.')
    this.#at = number.end
    return number.value
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new Error('A byte is missing.')
    return byte
  }

  skip(count: number): void {
    this.#at += count
    if (this.#at > this.#bytes.length) throw new Error('Bytes are missing.')
  }

  /** Bytes or a text after their length. */
  skipBytes(): void {
    this.skip(this.number())
  }

  /** An integer. Each byte except the last says that more follow. */
  skipInteger(): void {
    while (this.byte() >= 0x80);
  }

  client(): void {
    const start = this.#at
    const client = this.number()
    const replacement = this.#replace(client)
    if (replacement !== client) this.#put(start, encodeVarint(replacement))
  }

  /** Bytes after their length, with what `read` replaces in them. All of them have to be read. */
  within(read: (inner: Transcoder) => void): void {
    const start = this.#at
    const size = this.number()
    const from = this.#at
    this.skip(size)
    const inner = new Transcoder(this.#bytes.subarray(from, this.#at), this.#replace)
    read(inner)
    if (inner.hasMore) throw new Error('Bytes are left.')
    const content = inner.result()
    if (inner.#parts.length > 0) this.#put(start, encodeVarint(content.length), content)
  }

  #put(start: number, ...parts: readonly Uint8Array[]): void {
    this.#parts.push(this.#bytes.subarray(this.#copied, start), ...parts)
    this.#copied = this.#at
  }
}
