/** Pauses a socket as long as there is a reason to. */
import type { Socket } from 'node:net'

export class Flow<Reason extends string> {
  readonly #socket: Socket
  readonly #reasons = new Set<Reason>()

  constructor(socket: Socket) {
    this.#socket = socket
  }

  set(reason: Reason, isPaused: boolean): void {
    if (isPaused) {
      this.#reasons.add(reason)
      this.#socket.pause()
    } else if (this.#reasons.delete(reason) && this.#reasons.size === 0) this.#socket.resume()
  }

  /** Pauses for this reason until `writable`, which takes no more now, drains. */
  untilDrained(reason: Reason, writable: Socket): void {
    // Many small writes may find it full before it drains.
    if (this.#reasons.has(reason)) return
    this.set(reason, true)
    writable.once('drain', () => this.set(reason, false))
  }

  /** Reads again, whatever the reasons were. */
  clear(): void {
    if (this.#reasons.size > 0) this.#socket.resume()
    this.#reasons.clear()
  }
}
