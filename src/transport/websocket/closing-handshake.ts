/** The closing handshake (RFC 6455 section 7.1): sends a close frame, and ends the connection when nothing is to come. */
import type { Duplex } from 'node:stream'
import { closeOf } from './frame.ts'
import type { ReceivedControl } from './received.ts'
import type { Sender } from './sender.ts'

/** Milliseconds that the peer has to answer a close frame and to end the connection. */
const TIMEOUT = 2000

export class ClosingHandshake {
  readonly #socket: Duplex
  readonly #sender: Sender
  #timer: NodeJS.Timeout | undefined
  #received: ReceivedControl | undefined
  /** Whether the connection ends as soon as our close frame is written. */
  #isLast = false

  constructor(socket: Duplex, sender: Sender) {
    this.#socket = socket
    this.#sender = sender
  }

  /** The peer's close frame. */
  get received(): ReceivedControl | undefined {
    return this.#received
  }

  /** Sends a close frame, unless one was sent. If the peer does not end the connection in time, ends it at once. */
  begin(code?: number, reason?: string): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => this.#socket.destroy(), TIMEOUT)
    this.#sender.close(code, reason)
  }

  /** Answers the peer's close frame with the same code and reason, unless it is itself an answer. */
  answer(close: ReceivedControl): void {
    this.#received = close
    const { code, reason } = closeOf(close.payload)
    this.#endAfter(close.payload.length === 0 ? undefined : code, reason)
  }

  /** Fails the connection (RFC 6455 section 7.1.7): does not wait for an answer. */
  fail(code: number): void {
    this.#endAfter(code)
  }

  /** Our close frame was written. */
  sent(): void {
    if (this.#isLast) this.#socket.end()
  }

  /** The connection has ended. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  #endAfter(code: number | undefined, reason?: string): void {
    this.#isLast = true
    if (!this.#sender.hasClosed) this.begin(code, reason)
    else this.#socket.end()
  }
}
