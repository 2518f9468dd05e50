/** Allows the peer to send as much again as was received (RFC 9113 section 5.2), of what Node.js does not see and so does not count. */
import { FRAME, frameBytes } from './frame-head.ts'

/** Bytes of one stream, and of all streams, that the peer may send ahead of what is read (RFC 9113 section 5.2). */
export const STREAM_WINDOW = 1024 * 1024
export const SESSION_WINDOW = 16 * 1024 * 1024

export class FlowCredit {
  readonly #stream: number
  readonly #batch: number
  readonly #send: (frame: Uint8Array) => void
  #owed = 0
  #isHeld = false

  /** The credit of a stream, or of the connection, which is stream 0. It is given in parts of at least `batch` bytes, by `send`. */
  constructor(stream: number, batch: number, send: (frame: Uint8Array) => void) {
    this.#stream = stream
    this.#batch = batch
    this.#send = send
  }

  /** Bytes for which the peer has no credit yet. */
  get owed(): number {
    return this.#owed
  }

  /** Some bytes have arrived. */
  add(size: number): void {
    this.#owed += size
    this.#give()
  }

  /** Gives no more credit until `release`, so that the peer stops once it has used up what it has. */
  hold(): void {
    this.#isHeld = true
  }

  release(): void {
    this.#isHeld = false
    this.#give()
  }

  #give(): void {
    if (this.#isHeld || this.#owed < this.#batch) return
    const increment = new Uint8Array(4)
    new DataView(increment.buffer).setUint32(0, this.#owed)
    this.#owed = 0
    this.#send(frameBytes(FRAME.windowUpdate, 0, this.#stream, increment))
  }
}
