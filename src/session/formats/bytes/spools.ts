/** Stores parts of a file until they are written. All of them share one temporary file, and a bounded room in memory. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ByteBuffer } from './byte-buffer.ts'
import type { ByteSink } from './byte-sink.ts'

/** Bytes of all spools that are held in memory. */
const MOST_HELD = 2 * 1024 * 1024
/** Bytes of the first block of a spool. Further ones are twice as large each, up to the largest. */
const SMALLEST = 512
const LARGEST = 256 * 1024
/** Room for what an addition is longer than planned. */
const MARGIN = 6 * 64 * 1024

/** Blocks that one call writes (IOV_MAX). */
const MOST_AT_ONCE = 1024

/** Writes the blocks at the end of the file. */
async function writeAll(file: FileHandle, blocks: readonly Uint8Array[]): Promise<void> {
  const length = blocks.reduce((sum, block) => sum + block.length, 0)
  const { bytesWritten } = await file.writev(blocks)
  if (bytesWritten < length) await file.appendFile(Buffer.concat(blocks).subarray(bytesWritten))
}

/** The spools of one file. */
export class Spools {
  /** What is added to a spool next. */
  readonly buffer = new ByteBuffer(LARGEST + MARGIN)
  readonly #open = new Set<Spool>()
  /** Blocks to use again: memory outside of the heap is freed late. */
  readonly #spare: Buffer[] = []
  #held = 0
  #folder: string | undefined
  #file: FileHandle | undefined
  #position = 0

  make(): Spool {
    return new Spool(this)
  }

  get isFull(): boolean {
    return this.#held >= MOST_HELD
  }

  /** A block that the spool holds from now on. */
  block(spool: Spool, size: number): Buffer {
    this.#open.add(spool)
    this.#held += size
    const spare = size === LARGEST ? this.#spare.pop() : undefined
    return spare ?? Buffer.allocUnsafeSlow(size)
  }

  /** Forgets the blocks of a spool. */
  release(spool: Spool, bytes: number): void {
    this.#open.delete(spool)
    this.#held -= bytes
  }

  /** Moves what is held in memory to the temporary file. */
  async spill(): Promise<void> {
    if (this.#file === undefined) {
      this.#folder = await mkdtemp(join(tmpdir(), 'realtime-inspector-convert-'))
      this.#file = await open(join(this.#folder, randomUUID()), 'wx+', 0o600)
    }
    const blocks: Buffer[] = []
    for (const spool of this.#open)
      for (const block of spool.spill(this.#position)) {
        blocks.push(block)
        this.#position += block.length
      }
    this.#open.clear()
    this.#held = 0
    for (let at = 0; at < blocks.length; at += MOST_AT_ONCE)
      await writeAll(this.#file, blocks.slice(at, at + MOST_AT_ONCE))
    for (const block of blocks) if (block.length === LARGEST) this.#spare.push(block)
  }

  async read(position: number, into: Buffer): Promise<void> {
    for (let at = 0; at < into.length; ) {
      const { bytesRead = 0 } = (await this.#file?.read(into, at, into.length - at, position + at)) ?? {}
      if (bytesRead === 0) throw new Error('the temporary file was cut short')
      at += bytesRead
    }
  }

  async remove(): Promise<void> {
    await this.#file?.close()
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Consecutive bytes of a spool in the temporary file. */
interface Extent {
  readonly position: number
  length: number
}

/** A part of a file, and a sink for it. Its buffer is shared: call `take` after each addition. */
export class Spool implements ByteSink {
  /** Number of all bytes. */
  size = 0
  readonly #spools: Spools
  readonly #extents: Extent[] = []
  /** Blocks in memory. All but the last are full. */
  #blocks: Buffer[] = []
  #lastLength = 0

  constructor(spools: Spools) {
    this.#spools = spools
  }

  get buffer(): ByteBuffer {
    return this.#spools.buffer
  }

  get isFull(): boolean {
    return this.buffer.length >= LARGEST
  }

  async flush(): Promise<void> {
    const moving = this.take()
    if (moving !== undefined) await moving
  }

  /** Moves the buffer to this spool. Returns a promise to wait for if memory is full. */
  take(): Promise<void> | undefined {
    this.#add(this.buffer.view)
    this.buffer.clear()
    return this.#spools.isFull ? this.#spools.spill() : undefined
  }

  #add(bytes: Buffer): void {
    this.size += bytes.length
    for (let from = 0; from < bytes.length; ) {
      let block = this.#blocks.at(-1)
      if (block === undefined || this.#lastLength === block.length) {
        const size = Math.min(block === undefined ? SMALLEST : 2 * block.length, LARGEST)
        block = this.#spools.block(this, size)
        this.#blocks.push(block)
        this.#lastLength = 0
      }
      const length = Math.min(bytes.length - from, block.length - this.#lastLength)
      block.set(bytes.subarray(from, from + length), this.#lastLength)
      this.#lastLength += length
      from += length
    }
  }

  /** Gives what is in memory to the temporary file, where it will be at `position`. */
  spill(position: number): Buffer[] {
    const blocks = this.#held()
    const length = blocks.reduce((sum, block) => sum + block.length, 0)
    const last = this.#extents.at(-1)
    if (last !== undefined && last.position + last.length === position) last.length += length
    else if (length > 0) this.#extents.push({ position, length })
    this.#blocks = []
    this.#lastLength = 0
    return blocks
  }

  #held(): Buffer[] {
    return this.#blocks.map((block, index) =>
      index === this.#blocks.length - 1 ? block.subarray(0, this.#lastLength) : block,
    )
  }

  /** All bytes, in pieces, each valid until the next one. */
  async *read(): AsyncGenerator<Uint8Array> {
    const into = Buffer.allocUnsafe(this.#extents.length > 0 ? LARGEST : 0)
    for (const { position, length } of this.#extents)
      for (let at = 0; at < length; at += LARGEST) {
        const piece = into.subarray(0, Math.min(LARGEST, length - at))
        await this.#spools.read(position + at, piece)
        yield piece
      }
    yield* this.#held()
  }

  /** Discards the bytes. */
  remove(): void {
    const held = this.#blocks.reduce((sum, block) => sum + block.length, 0)
    this.#spools.release(this, held)
    this.#blocks = []
    this.#lastLength = 0
    this.#extents.length = 0
    this.size = 0
  }
}

/** The JSON of a list of items, separated by commas. */
export class JsonList {
  readonly spool: Spool
  #count = 0

  constructor(spool: Spool) {
    this.spool = spool
  }

  /** The buffer for the next item. Call `spool.take` after it. */
  next(): ByteBuffer {
    if (this.#count++ > 0) this.spool.buffer.ascii(',')
    return this.spool.buffer
  }
}
