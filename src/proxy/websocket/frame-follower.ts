/** Follows the frames in the bytes of one direction of a WebSocket, to know where messages begin and end. */
import { FIN, headerSize } from '../../transport/websocket/frame-rules.ts'

const MAX_HEADER = 14
const FIRST_CONTROL = 8

export class FrameFollower {
  readonly #header = Buffer.alloc(MAX_HEADER)
  #headerLength = 0
  /** Bytes of the current frame that are still to come, after its header. */
  #left = 0
  #isMessageOpen = false

  /** No frame has begun that has not ended. */
  get isBetweenFrames(): boolean {
    return this.#headerLength === 0
  }

  /** No message has begun that has not ended, so that another one can be sent here. */
  get isBetweenMessages(): boolean {
    return this.#headerLength === 0 && !this.#isMessageOpen
  }

  /** The latest frame is a control frame. */
  get isControl(): boolean {
    return ((this.#header[0] ?? 0) & 0x0f) >= FIRST_CONTROL
  }

  /** Reads on from `at`. Returns where the current frame ends, or the length of the bytes. */
  next(bytes: Uint8Array, at: number): number {
    const start = this.#left === 0 ? this.#readHeader(bytes, at) : at
    const taken = Math.min(this.#left, bytes.length - start)
    this.#left -= taken
    if (this.#left === 0 && this.#headerLength > 0 && this.#headerLength === this.#headerSize())
      this.#endFrame()
    return start + taken
  }

  /** Returns where the header ends, or the length of the bytes. */
  #readHeader(bytes: Uint8Array, from: number): number {
    let at = from
    while (at < bytes.length && this.#headerLength < this.#headerSize())
      this.#header[this.#headerLength++] = bytes[at++] ?? 0
    if (this.#headerLength === this.#headerSize()) this.#left = this.#payloadSize()
    return at
  }

  #headerSize(): number {
    return this.#headerLength < 2 ? 2 : headerSize(this.#header[1] ?? 0)
  }

  /** A length that is too large to be exact ends no frame in practice. */
  #payloadSize(): number {
    const length = (this.#header[1] ?? 0) & 0x7f
    if (length < 126) return length
    return length === 126 ? this.#header.readUInt16BE(2) : Number(this.#header.readBigUInt64BE(2))
  }

  #endFrame(): void {
    this.#headerLength = 0
    if (!this.isControl) this.#isMessageOpen = ((this.#header[0] ?? 0) & FIN) === 0
  }
}
