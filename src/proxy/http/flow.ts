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

  /** Reads again, whatever the reasons were. */
  clear(): void {
    if (this.#reasons.size > 0) this.#socket.resume()
    this.#reasons.clear()
  }
}
