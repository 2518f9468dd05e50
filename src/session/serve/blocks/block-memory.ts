/**
 * Gives the memory of blocks that are no longer needed to the next blocks. On a virtual machine, getting memory that the process
 * did not use before takes longer than filling it.
 */

/** Bytes of a piece. */
export const PIECE = 64 * 1024
/** Shorter bytes get memory of their own size. */
const LEAST = PIECE / 2
/** Pieces that are kept. */
const MAX_FREE = 32

export class BlockMemory {
  readonly #free: ArrayBuffer[] = []
  /** Only what was allocated here is used again. */
  readonly #own = new WeakSet<ArrayBufferLike>()

  /** A copy of at most `PIECE` bytes. */
  copy(bytes: Uint8Array): Uint8Array {
    const { length } = bytes
    if (length < LEAST) return Buffer.from(bytes)
    const copied = new Uint8Array(this.#free.pop() ?? this.#allocate(), 0, length)
    copied.set(bytes)
    return copied
  }

  /** Takes back the memory of copies, which nobody may read any more. Leaves other bytes alone. */
  reuse(parts: readonly Uint8Array[]): void {
    for (const { buffer } of parts)
      if (this.#own.has(buffer) && this.#free.length < MAX_FREE) this.#free.push(buffer as ArrayBuffer)
  }

  #allocate(): ArrayBuffer {
    const { buffer } = Buffer.allocUnsafeSlow(PIECE)
    this.#own.add(buffer)
    return buffer
  }
}
