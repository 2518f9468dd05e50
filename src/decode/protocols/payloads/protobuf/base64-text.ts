/** Base64 that comes in pieces, and may have several ends: each is padded. */

/** Characters that stand for three bytes. */
const GROUP = 4

export class Base64Text {
  /** The beginning of a group. */
  #rest: string

  constructor(rest = '') {
    this.#rest = rest
  }

  copy(): Base64Text {
    return new Base64Text(this.#rest)
  }

  decode(piece: string): Uint8Array {
    const text = this.#rest + piece.replace(/\s+/g, '')
    if (/[^A-Za-z0-9+/=]/.test(text)) throw new Error('The text is not Base64.')
    const whole = text.length - (text.length % GROUP)
    this.#rest = text.slice(whole)
    const parts = text.slice(0, whole).match(/[^=]+=*/g) ?? []
    return Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')))
  }
}
