/** Blocks that clients have in common: those that were used last, up to a number of bytes. */
import type { Block } from './block.ts'

const MAX_BYTES = 16 * 1024 * 1024
/** Memory of a block besides its bytes and its key, estimated. */
const OVERHEAD = 500

export class BlockCache {
  readonly #maxBytes: number
  /** The block used last is the last one. */
  readonly #blocks = new Map<string, Block>()
  #bytes = 0
  #owners = 0

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** A prefix for the keys of an owner's blocks. */
  newOwner(): string {
    return `${++this.#owners} `
  }

  /** The block of a key, which is made if it is not there, or not any more. */
  get(key: string, make: () => Block): Block {
    const known = this.#blocks.get(key)
    const block = known ?? make()
    if (known === undefined) this.#bytes += bytesOf(key, block)
    else this.#blocks.delete(key)
    this.#blocks.set(key, block)
    this.#shrink()
    return block
  }

  #shrink(): void {
    for (const [key, block] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes) return
      this.#blocks.delete(key)
      this.#bytes -= bytesOf(key, block)
    }
  }
}

function bytesOf(key: string, { size }: Block): number {
  return size + 2 * key.length + OVERHEAD
}
