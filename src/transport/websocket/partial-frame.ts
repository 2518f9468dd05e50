/** A frame that spans several chunks: collects its header, then its payload. */
import { MAX_FRAME_HEADER } from '../../shared/frame-header.ts'
import { headerSize } from './frame-rules.ts'

/** Payloads of up to this many bytes share one block of memory. */
const MAX_SHARED = 1024 * 1024
const NO_BYTES = new Uint8Array(0)

export class PartialFrame {
  readonly #header = new Uint8Array(MAX_FRAME_HEADER)
  #headerLength = 0
  #payload: Uint8Array = NO_BYTES
  #payloadLength = 0
  #memory = NO_BYTES

  /** The header as far as it has arrived. */
  get header(): Uint8Array {
    return this.#header.subarray(0, this.#headerLength)
  }

  /** The first byte: FIN, RSV1 to RSV3, opcode. */
  get first(): number {
    return this.#header[0] ?? 0
  }

  /** The second byte: MASK, and the payload length or how it is encoded. */
  get second(): number {
    return this.#header[1] ?? 0
  }

  get headerLength(): number {
    return this.#headerLength
  }

  /** Bytes of the header still to come, as far as those that have arrived determine it. */
  get missingHeader(): number {
    return (this.#headerLength < 2 ? 2 : headerSize(this.second)) - this.#headerLength
  }

  /** Bytes of the frame that have arrived. */
  get size(): number {
    return this.#headerLength + this.#payloadLength
  }

  addHeader(bytes: Uint8Array): void {
    this.#header.set(bytes, this.#headerLength)
    this.#headerLength += bytes.length
  }

  /** The header is complete, and `size` bytes of payload follow. */
  beginPayload(size: number): void {
    this.#payload = this.#allocate(size)
    this.#payloadLength = 0
  }

  /** Copies payload from `at` on, up to its end; returns how many bytes that was. */
  addPayload(chunk: Uint8Array, at: number): number {
    const taken = Math.min(this.#payload.length - this.#payloadLength, chunk.length - at)
    this.#payload.set(chunk.subarray(at, at + taken), this.#payloadLength)
    this.#payloadLength += taken
    return taken
  }

  /** The payload; undefined until all of it has arrived. The next frame may overwrite it. */
  get payload(): Uint8Array | undefined {
    return this.#payloadLength === this.#payload.length ? this.#payload : undefined
  }

  clear(): void {
    this.#headerLength = 0
    this.#payload = NO_BYTES
    this.#payloadLength = 0
  }

  /** Whether the next frame may overwrite the bytes. */
  isShared(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#memory.buffer
  }

  #allocate(size: number): Uint8Array {
    if (size > MAX_SHARED) return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
    if (this.#memory.length < size) this.#memory = new Uint8Array(Math.min(MAX_SHARED, size * 2))
    return this.#memory.subarray(0, size)
  }
}

/** The slice of a `Buffer` would not be a copy. */
export function asSliceable(chunk: Uint8Array): Uint8Array {
  return Buffer.isBuffer(chunk) ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length) : chunk
}
