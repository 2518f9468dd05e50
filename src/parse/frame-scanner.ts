import { MAX_FRAME_HEADER } from '../shared/frame-header.ts'

/** A message or control frame, as it was sent. */
export interface ScannedMessage {
  /** RFC 6455 section 5.2: 1 text, 2 binary, 8 close, 9 ping, 10 pong; 0 is a continuation without a message. */
  readonly opcode: number
  /** How many frames carried it. */
  readonly frames: number
  /** Bytes of all its frames, headers included. */
  readonly wireSize: number
  /** RSV1 is set on its first frame: permessage-deflate, RFC 7692 section 6. */
  readonly compressed: boolean
}

type MutableMessage = { -readonly [K in keyof ScannedMessage]: ScannedMessage[K] }

/**
 * Reads the frame headers of one direction of a WebSocket (RFC 6455 section 5.2) from the raw bytes that follow the
 * handshake. It skips payloads without copying them. A control frame between the fragments of a message is reported
 * as a message of its own. It does not validate frames; that is the receiver's job.
 */
export class FrameScanner {
  readonly #onMessage: (message: ScannedMessage) => void
  readonly #header = new Uint8Array(MAX_FRAME_HEADER)
  readonly #headerView = new DataView(this.#header.buffer)
  #headerLength = 0
  /** Payload bytes of the current frame that are still to come; undefined while its header is read. */
  #remaining: number | undefined
  /** The message whose fragments are coming. */
  #fragmented: MutableMessage | undefined
  /** The message of the current frame. */
  #current: MutableMessage | undefined

  constructor(onMessage: (message: ScannedMessage) => void) {
    this.#onMessage = onMessage
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#remaining === undefined) {
        this.#header[this.#headerLength++] = chunk[at++] ?? 0
        if (this.#headerLength < this.#headerSize()) continue
        this.#begin()
      } else {
        const skipped = Math.min(this.#remaining, chunk.length - at)
        this.#remaining -= skipped
        at += skipped
      }
      if (this.#remaining === 0) this.#finish()
    }
  }

  /** Size of the current header, as far as the bytes read so far determine it. */
  #headerSize(): number {
    if (this.#headerLength < 2) return 2
    const second = this.#header[1] ?? 0
    const length = second & 0x7f
    return 2 + (length === 127 ? 8 : length === 126 ? 2 : 0) + (second & 0x80 ? 4 : 0)
  }

  #begin(): void {
    const first = this.#header[0] ?? 0
    const length = this.#payloadLength()
    const opcode = first & 0x0f
    const continued = opcode === 0 ? this.#fragmented : undefined
    const message = continued ?? { opcode, frames: 0, wireSize: 0, compressed: (first & 0x40) !== 0 }
    message.frames++
    message.wireSize += this.#headerLength + length
    this.#current = message
    this.#remaining = length
  }

  #payloadLength(): number {
    const length = (this.#header[1] ?? 0) & 0x7f
    if (length === 126) return this.#headerView.getUint16(2)
    if (length === 127) return Number(this.#headerView.getBigUint64(2))
    return length
  }

  #finish(): void {
    const message = this.#current
    const fin = ((this.#header[0] ?? 0) & 0x80) !== 0
    this.#remaining = undefined
    this.#headerLength = 0
    this.#current = undefined
    if (message === undefined) return
    const isControl = message.opcode >= 8
    if (!isControl) this.#fragmented = fin ? undefined : message
    if (fin || isControl) this.#onMessage(message)
  }
}
