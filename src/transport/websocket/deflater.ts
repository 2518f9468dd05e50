/** Deflates messages for permessage-deflate (RFC 7692 section 7.2.1), one at a time, on the thread pool. */
import { constants, createDeflateRaw, type DeflateRaw } from 'node:zlib'

/** The end of what `Z_SYNC_FLUSH` writes: an empty block, which the sender of a message omits. */
const TRAILER_SIZE = 4

export interface DeflaterOptions {
  /** Whether the context is dropped after each message (`client_no_context_takeover`). */
  readonly forgets: boolean
  /** Base-2 logarithm of the window, 8 to 15. */
  readonly windowBits: number
  /** Called if zlib fails. Nothing can be deflated any more. */
  failed(error: Error): void
}

export class Deflater {
  readonly #options: DeflaterOptions
  #stream: DeflateRaw | undefined
  #chunks: Buffer[] = []

  constructor(options: DeflaterOptions) {
    this.#options = options
  }

  /** Calls `done` with the deflated bytes, unless it is closed first. The message before must be done. */
  deflate(payload: Uint8Array, done: (deflated: Uint8Array) => void): void {
    this.#stream ??= this.#start()
    const stream = this.#stream
    stream.write(payload)
    stream.flush(constants.Z_SYNC_FLUSH, () => {
      if (this.#stream !== stream) return
      const deflated = Buffer.concat(this.#chunks)
      this.#chunks = []
      if (this.#options.forgets) stream.reset()
      done(deflated.subarray(0, -TRAILER_SIZE))
    })
  }

  close(): void {
    this.#stream?.close()
    this.#stream = undefined
  }

  #start(): DeflateRaw {
    const stream = createDeflateRaw({ windowBits: this.#options.windowBits })
    stream.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
    stream.on('error', (error) => this.#options.failed(error))
    return stream
  }
}
