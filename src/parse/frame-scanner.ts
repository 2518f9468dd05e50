/** A message or control frame as it went over the wire. */
export interface ScannedMessage {
  /** RFC 6455 section 5.2: 1 text, 2 binary, 8 close, 9 ping, 10 pong; 0 a continuation of nothing. */
  readonly opcode: number
  /** Frames that carried it. */
  readonly frames: number
  /** Bytes of all its frames, headers included. */
  readonly wireSize: number
  /** Payload bytes of all its frames, as compressed. */
  readonly payloadWireBytes: number
  /** RSV1 on its first frame: permessage-deflate, RFC 7692 section 6. */
  readonly compressed: boolean
  /** When the first byte of its first frame, and the last byte of its last, arrived. */
  readonly firstByteTime: number
  readonly time: number
}

interface Gathering {
  opcode: number
  frames: number
  wireSize: number
  payloadWireBytes: number
  compressed: boolean
  firstByteTime: number
}

const MAX_HEADER = 14

/**
 * Reads the frame headers of one direction of a WebSocket, RFC 6455 section 5.2, from the raw bytes after
 * the handshake; payloads are skipped, never copied. A control frame between a message's fragments is
 * a message of its own. Invalid frames are counted as they stand: to reject them is the receiver's duty.
 */
export class FrameScanner {
  readonly #onMessage: (message: ScannedMessage) => void
  readonly #header = new Uint8Array(MAX_HEADER)
  readonly #headerView = new DataView(this.#header.buffer)
  #headerLength = 0
  #headerTime = 0
  /** Payload bytes of the current frame still to come; undefined while its header is read. */
  #remaining: number | undefined
  #fragmented: Gathering | undefined
  #current: Gathering | undefined

  constructor(onMessage: (message: ScannedMessage) => void) {
    this.#onMessage = onMessage
  }

  /** Takes the next bytes of the socket, which arrived at `time`. */
  push(chunk: Uint8Array, time: number): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#remaining === undefined) {
        if (this.#headerLength === 0) this.#headerTime = time
        this.#header[this.#headerLength++] = chunk[at++] ?? 0
        if (this.#headerLength < this.#headerSize()) continue
        this.#begin()
      } else {
        const skipped = Math.min(this.#remaining, chunk.length - at)
        this.#remaining -= skipped
        at += skipped
      }
      if (this.#remaining === 0) this.#finish(time)
    }
  }

  /** Bytes of the present header, as far as can be told from what there is of it. */
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
    const continues = opcode === 0 ? this.#fragmented : undefined
    const message = continues ?? {
      opcode,
      frames: 0,
      wireSize: 0,
      payloadWireBytes: 0,
      compressed: (first & 0x40) !== 0,
      firstByteTime: this.#headerTime,
    }
    message.frames++
    message.wireSize += this.#headerLength + length
    message.payloadWireBytes += length
    this.#current = message
    this.#remaining = length
  }

  #payloadLength(): number {
    const length = (this.#header[1] ?? 0) & 0x7f
    if (length === 126) return this.#headerView.getUint16(2)
    if (length === 127) return Number(this.#headerView.getBigUint64(2))
    return length
  }

  #finish(time: number): void {
    const message = this.#current
    const fin = ((this.#header[0] ?? 0) & 0x80) !== 0
    this.#remaining = undefined
    this.#headerLength = 0
    this.#current = undefined
    if (message === undefined) return
    const isControl = message.opcode >= 8
    if (!isControl) this.#fragmented = fin ? undefined : message
    if (fin || isControl) this.#onMessage({ ...message, time })
  }
}
