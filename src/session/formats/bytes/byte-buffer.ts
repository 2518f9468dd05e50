/** Bytes of a file that is being written. They are put together without a string for each line. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_U = 0x75
const ZERO = 0x30
const HEX = Buffer.from('0123456789abcdef')
/** A byte takes up to six bytes in a JSON string (`\u0001`). */
const MOST_EXPANSION = 6

/**
 * What follows the backslash in JSON, for each byte that has to be escaped (ECMA-262, QuoteJSONString); `u` for those
 * without a short form. 0 for the others.
 */
const ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === QUOTE || byte === BACKSLASH) return byte
  if (byte >= 0x20) return 0
  return JSON.stringify(String.fromCharCode(byte)).charCodeAt(2)
})

/** Numbers up to this one have few enough digits that their decimals are exact. */
const MOST_MILLISECONDS = 1e11
const FRACTIONS = Array.from({ length: 1000 }, (_, n) =>
  n === 0 ? '' : `.${String(n).padStart(3, '0').replace(/0+$/, '')}`,
)

/** The same text as `String(time)`, for a time in milliseconds. */
export function timeText(time: number): string {
  const micros = Math.round(time * 1000)
  if (!(time >= 0 && time < MOST_MILLISECONDS) || micros / 1000 !== time) return String(time)
  const millis = Math.floor(micros / 1000)
  return `${millis}${FRACTIONS[micros - millis * 1000]}`
}

export class ByteBuffer {
  /** Number of bytes. */
  length = 0
  #bytes: Buffer
  readonly #capacity: number

  /** It grows above `capacity` if it has to, until it is cleared. */
  constructor(capacity: number) {
    this.#capacity = capacity
    this.#bytes = Buffer.allocUnsafeSlow(capacity)
  }

  /** All bytes: a view that is valid until the next call. */
  get view(): Buffer {
    return this.#bytes.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
    if (this.#bytes.length > this.#capacity) this.#bytes = Buffer.allocUnsafeSlow(this.#capacity)
  }

  /** Adds a text that is ASCII. */
  ascii(text: string): void {
    this.#reserve(text.length)
    this.length += this.#bytes.write(text, this.length, 'latin1')
  }

  /** Adds a text as UTF-8. */
  text(text: string): void {
    this.#reserve(3 * text.length)
    this.length += this.#bytes.write(text, this.length)
  }

  /** Adds a short text that is ASCII. */
  word(text: string): this {
    this.#reserve(text.length)
    const into = this.#bytes
    const at = this.length
    for (let index = 0; index < text.length; index++) into[at + index] = text.charCodeAt(index)
    this.length += text.length
    return this
  }

  /** Adds a number as `String` writes it. */
  number(number: number): this {
    if (!Number.isSafeInteger(number) || number < 0) return this.word(String(number))
    let digits = 1
    for (let power = 10; power <= number; power *= 10) digits++
    this.#reserve(digits)
    const into = this.#bytes
    this.length += digits
    let left = number
    for (let at = this.length - 1; digits > 0; digits--) {
      const rest = Math.floor(left / 10)
      into[at--] = ZERO + left - rest * 10
      left = rest
    }
    return this
  }

  byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.length++] = byte
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Adds the bytes [from, to) of a buffer. */
  part(bytes: Buffer, from: number, to: number): void {
    this.#reserve(to - from)
    bytes.copy(this.#bytes, this.length, from, to)
    this.length += to - from
  }

  base64(bytes: Buffer): void {
    this.ascii(bytes.toString('base64'))
  }

  /** Adds the content of a JSON string, without its quotes. `bytes` are UTF-8, also if they end within a character. */
  escaped(bytes: Uint8Array): void {
    this.#reserve(MOST_EXPANSION * bytes.length)
    const into = this.#bytes
    let at = this.length
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0
      const escaped = ESCAPES[byte] ?? 0
      if (escaped === 0) {
        into[at++] = byte
        continue
      }
      into[at++] = BACKSLASH
      into[at++] = escaped
      if (escaped !== LETTER_U) continue
      into[at++] = ZERO
      into[at++] = ZERO
      into[at++] = HEX[byte >> 4] ?? 0
      into[at++] = HEX[byte & 0xf] ?? 0
    }
    this.length = at
  }

  /** Adds the bytes, each quote twice (RFC 4180 section 2). */
  doubledQuotes(bytes: Uint8Array): void {
    this.#reserve(2 * bytes.length)
    const into = this.#bytes
    let at = this.length
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0
      into[at++] = byte
      if (byte === QUOTE) into[at++] = byte
    }
    this.length = at
  }

  #reserve(length: number): void {
    const needed = this.length + length
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length))
    grown.set(this.view)
    this.#bytes = grown
  }
}
