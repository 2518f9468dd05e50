/** What stands around the compressed data of a content coding: headers, checksums, where one stream follows another. */

/**
 * The next bytes of a coding. `framing` is dealt with, `data` are to be decompressed, and where `foreign` bytes begin the
 * coding is over.
 */
export interface Part {
  readonly kind: 'framing' | 'data' | 'foreign'
  /** Of the bytes that were shown; at least one. */
  readonly length: number
  /** Framing that was held back, and is to be decompressed with the data. */
  readonly prefix?: Uint8Array
}

export interface Envelope {
  /** Tells what the bytes begin with; they are what follows the part before. Throws a `Failure` for what is wrong. */
  next(bytes: Uint8Array): Part
  /** These bytes came of the data. */
  decoded(bytes: Uint8Array): void
  /** The data before the next bytes are over. */
  over(): void
  /** Nothing is missing if nothing more comes. */
  readonly isComplete: boolean
}

/** Data alone, up to where the decompressor says they are over: Brotli (RFC 7932), raw deflate (RFC 1951). */
export class BareEnvelope implements Envelope {
  isComplete = false

  next(bytes: Uint8Array): Part {
    return { kind: this.isComplete ? 'foreign' : 'data', length: bytes.length }
  }

  decoded(): void {}

  over(): void {
    this.isComplete = true
  }
}
