/** Blocks that clients have in common: those that were used last, up to a number of bytes. */
import type { Block } from './block.ts'
import type { BlockMemory } from './block-memory.ts'

const MAX_BYTES = 16 * 1024 * 1024
/** Memory of a block besides its bytes and its key, estimated. */
const OVERHEAD = 500

export class BlockCache {
  readonly #maxBytes: number
  /** The block used last is the last one. */
  readonly #blocks = new Map<string, Block>()
  /** Number of callers of `get` that still use a block. */
  readonly #users = new WeakMap<Block, number>()
  /** Blocks that are still used, but no longer kept. */
  readonly #leaving = new WeakSet<Block>()
  readonly #memory: BlockMemory
  #bytes = 0
  #owners = 0

  constructor(memory: BlockMemory, maxBytes = MAX_BYTES) {
    this.#memory = memory
    this.#maxBytes = maxBytes
  }

  /** A prefix for the keys of an owner's blocks. */
  newOwner(): string {
    return `${++this.#owners} `
  }

  /**
   * The block of a key, which is made if it is not there, or not any more. It is in use until `release`. If
   * that is never called, its memory is not used again but left to the garbage collector.
   */
  get(key: string, make: () => Block): Block {
    const known = this.#blocks.get(key)
    const block = known ?? make()
    if (known === undefined) this.#bytes += bytesOf(key, block)
    else this.#blocks.delete(key)
    this.#blocks.set(key, block)
    this.#users.set(block, this.#usersOf(block) + 1)
    this.#shrink()
    return block
  }

  /** Call when a caller of `get` no longer needs the bytes of the block. */
  release(block: Block): void {
    const users = this.#usersOf(block) - 1
    this.#users.set(block, users)
    if (users === 0 && this.#leaving.delete(block)) this.#memory.reuse(block.parts)
  }

  #usersOf(block: Block): number {
    return this.#users.get(block) ?? 0
  }

  #shrink(): void {
    for (const [key, block] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes) return
      this.#blocks.delete(key)
      this.#bytes -= bytesOf(key, block)
      if (this.#usersOf(block) === 0) this.#memory.reuse(block.parts)
      else this.#leaving.add(block)
    }
  }
}

function bytesOf(key: string, { size }: Block): number {
  return size + 2 * key.length + OVERHEAD
}
