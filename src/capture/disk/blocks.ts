/** The newest blocks of a spool, in memory that lasts: first those that are also on disk, then those not yet written. */
import { lowerBound } from '../../shared/numbers.ts'
import { lastingMemory, letGo } from '../lasting-memory.ts'

export interface Block {
  readonly data: Buffer
  /** Offset of the block's first byte in the stream. */
  readonly start: number
  used: number
  written: number
  /** Number of events whose records are not written yet. */
  unwritten: number
}

export interface BlocksOptions {
  /** Bytes in a block; a block is written when it is full. */
  readonly blockSize: number
  /** Bytes of blocks kept in memory, at least one block. */
  readonly memoryLimit: number
  /** As `memoryLimit`, while the disk is failing. Default `memoryLimit`. */
  readonly unwrittenLimit?: number
  /** Called with the number of events in a block that was dropped before it was written. */
  readonly onLost?: (events: number) => void
}

export class Blocks {
  readonly #options: BlocksOptions
  readonly unwrittenLimit: number
  /** Full, oldest first. */
  #sealed: Block[] = []
  #sealedBytes = 0
  #current: Block | undefined
  #spare: Buffer | undefined

  constructor(options: BlocksOptions) {
    this.#options = options
    this.unwrittenLimit = options.unwrittenLimit ?? options.memoryLimit
  }

  /** The block that is being filled. */
  get current(): Block | undefined {
    return this.#current
  }

  /** Offset of the oldest byte in memory. */
  get start(): number | undefined {
    return this.#sealed[0]?.start ?? this.#current?.start
  }

  /** Starts a new current block. There must be no current block. */
  begin(start: number): Block {
    const data = this.#spare ?? Buffer.from(lastingMemory(this.#options.blockSize))
    this.#spare = undefined
    this.#current = { data, start, used: 0, written: 0, unwritten: 0 }
    return this.#current
  }

  /** Ends the current block. */
  seal(): void {
    const block = this.#current
    this.#current = undefined
    if (block === undefined) return
    if (block.used === 0) this.#spare = block.data
    else this.add(block)
  }

  /** Adds a full block. There must be no current block. */
  add(block: Block): void {
    this.#sealed.push(block)
    this.#sealedBytes += block.data.length
    const { blockSize, memoryLimit } = this.#options
    for (let oldest = this.#sealed[0]; oldest !== undefined; oldest = this.#sealed[0]) {
      const limit = oldest.written === oldest.used ? memoryLimit : this.unwrittenLimit
      if (this.#sealedBytes + blockSize <= limit) return
      this.#drop(oldest)
    }
  }

  /** The blocks that are not completely written, oldest first. */
  unwritten(): Block[] {
    const isUnwritten = ({ written, used }: Block) => written < used
    const first = this.#sealed.findLastIndex((block) => !isUnwritten(block)) + 1
    const blocks = this.#sealed.slice(first)
    return this.#current !== undefined && isUnwritten(this.#current) ? [...blocks, this.#current] : blocks
  }

  /** The block with the byte at that offset. */
  find(offset: number): Block | undefined {
    const current = this.#current
    if (current !== undefined && offset >= current.start)
      return offset < current.start + current.used ? current : undefined
    const sealed = this.#sealed
    const block = sealed[lowerBound(0, sealed.length, (at) => (sealed[at]?.start ?? 0) > offset) - 1]
    return block !== undefined && offset < block.start + block.used ? block : undefined
  }

  /** Drops full blocks that begin before that offset. */
  dropBefore(offset: number): void {
    for (let oldest = this.#sealed[0]; oldest !== undefined; oldest = this.#sealed[0]) {
      if (oldest.start >= offset) return
      this.#drop(oldest)
    }
  }

  /** Call when the blocks are no longer read. */
  release(): void {
    const last = this.#current?.data ?? this.#spare
    letGo(this.#sealedBytes + (last?.length ?? 0))
  }

  #drop(oldest: Block): void {
    this.#sealed.shift()
    this.#sealedBytes -= oldest.data.length
    if (oldest.data.length === this.#options.blockSize) {
      if (this.#spare !== undefined) letGo(this.#spare.length)
      this.#spare = oldest.data
    }
    if (oldest.unwritten > 0) this.#options.onLost?.(oldest.unwritten)
  }
}
