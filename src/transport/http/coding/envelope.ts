/** What surrounds the compressed data of a content coding: headers, checksums, several streams in a row. */

/**
 * The next bytes of a coding. `framing` has been handled, `data` has to be decompressed, and `foreign` bytes follow the
 * end of the coding.
 */
export interface Part {
  readonly kind: 'framing' | 'data' | 'foreign'
  /** How many of the given bytes belong to the part; at least one. */
  readonly length: number
  /** Framing that was held back and has to be decompressed before the data. */
  readonly prefix?: Uint8Array
}

export interface Envelope {
  /** The part that the bytes begin with. They follow the part before. Throws a `Failure` if they are wrong. */
  next(bytes: Uint8Array): Part
  /** These bytes were decoded from the data. */
  decoded(bytes: Uint8Array): void
  /** The data end before the next bytes. */
  over(): void
  /** Whether the coding is complete if no more bytes follow. */
  readonly isComplete: boolean
}

/** Only data, which end where the decompressor says: Brotli (RFC 7932), raw deflate (RFC 1951). */
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
