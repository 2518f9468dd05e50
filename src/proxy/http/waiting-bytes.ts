/** Bytes that wait for a connection. */
export class WaitingBytes {
  readonly #limit: number
  #pieces: Uint8Array[] = []
  #size = 0

  /** `limit` in bytes. More can be added than that: the one who adds stops then. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Returns whether the limit is exceeded. */
  add(bytes: Uint8Array): boolean {
    this.#pieces.push(bytes)
    this.#size += bytes.length
    return this.#size > this.#limit
  }

  /** What waits, in order. From then on, nothing does. */
  take(): readonly Uint8Array[] {
    const pieces = this.#pieces
    this.#pieces = []
    this.#size = 0
    return pieces
  }
}
