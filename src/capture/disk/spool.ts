/**
 * A stream of bytes on disk of which the newest blocks are in memory too. It is cut into files so that the
 * oldest can be dropped; a record lies whole within one block and one file.
 */
import { closeSync, fstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { numberedFiles, numberedName, PRIVATE_FILE, readFully, removeFile, writeFully } from './files.ts'
import { ReadAhead } from './read-ahead.ts'

export interface SpoolOptions {
  readonly directory: string
  /** First part of the files' names. */
  readonly name: string
  /** Bytes of a block: what is gathered before it is written. */
  readonly blockSize: number
  /** Bytes of blocks kept in memory, at least one block. */
  readonly memoryLimit: number
  /** Bytes on disk, beyond which the oldest file is dropped. */
  readonly diskLimit: number
  /** Told once when the disk fails, and again only after it has worked in between. */
  readonly onError: (error: unknown) => void
}

interface Block {
  readonly data: Buffer
  /** Offset in the stream of the block's first byte. */
  start: number
  used: number
  written: number
}

interface SpoolFile {
  readonly fd: number
  readonly path: string
  readonly start: number
  end: number
}

/** What was read around an earlier record. */
interface Window {
  readonly bytes: Buffer
  readonly start: number
}

const MAX_FILE_SIZE = 64 * 1024 * 1024
const WINDOW_SIZE = 256 * 1024
const WINDOW_STEP = 64 * 1024
const MAX_WINDOWS = 4
/** Milliseconds between attempts to write while the disk fails. */
const RETRY_DELAY = 250

export class Spool {
  readonly #options: SpoolOptions
  readonly #fileSize: number
  #files: SpoolFile[] = []
  /** Written whole, oldest first. */
  #sealed: Block[] = []
  #current: Block | undefined
  #spare: Buffer | undefined
  #windows: Window[] = []
  #readAhead = new ReadAhead()
  /** Where the next record goes. */
  #end = 0
  #failingSince: number | undefined
  #readFailed = false

  constructor(options: SpoolOptions) {
    this.#options = options
    this.#fileSize = Math.max(options.blockSize, Math.min(MAX_FILE_SIZE, options.diskLimit / 8))
  }

  /** Opens what an earlier process left. */
  static reopen(options: SpoolOptions): Spool {
    const spool = new Spool(options)
    for (const start of numberedFiles(options.directory, options.name)) {
      const path = join(options.directory, numberedName(options.name, start))
      const fd = openSync(path, 'r+')
      spool.#files.push({ fd, path, start, end: start + fstatSync(fd).size })
    }
    spool.#end = spool.#files.at(-1)?.end ?? 0
    return spool
  }

  /** Offset of the oldest byte kept. */
  get start(): number {
    return this.#files[0]?.start ?? this.#current?.start ?? this.#end
  }

  /** Offset after the newest byte. */
  get end(): number {
    return this.#end
  }

  /** Bytes kept, those not yet written among them. */
  get bytes(): number {
    return this.#end - this.start
  }

  /**
   * Keeps a record: `meta` (its length in 4 bytes, then UTF-8) where there is one, then the payload.
   * Returns its offset, or -1 where the disk does not take it.
   */
  append(meta: string | undefined, payload: Uint8Array): number {
    const metaSize = meta === undefined ? 0 : 4 + Buffer.byteLength(meta)
    const size = metaSize + payload.length
    const { blockSize } = this.#options
    let block = this.#current
    if (block === undefined || block.used + size > blockSize) {
      if (!this.#seal()) return -1
      if (size > blockSize) return this.#appendLarge(meta, metaSize, payload)
      block = this.#startBlock()
    }
    const { data } = block
    let at = block.used
    const offset = block.start + at
    if (meta !== undefined) {
      data.writeUInt32LE(metaSize - 4, at)
      data.write(meta, at + 4)
      at += metaSize
    }
    data.set(payload, at)
    block.used = at + payload.length
    this.#end = offset + size
    return offset
  }

  /** Bytes of the stream; undefined where they are no longer kept. Valid until the next append. */
  view(offset: number, length: number): Buffer | undefined {
    if (offset < this.start || offset + length > this.#end) return undefined
    const block = this.#findBlock(offset)
    if (block !== undefined) {
      const from = offset - block.start
      return block.data.subarray(from, from + length)
    }
    return this.#tryReading(() =>
      length <= WINDOW_STEP ? this.#readWindow(offset, length) : this.#readFile(offset, length),
    )
  }

  /**
   * Bytes from an offset on, up to as many as `into` holds: a view, or `into` filled; valid until the next append.
   * Fewer only where a record ends with them. Undefined where they are no longer kept.
   */
  piece(offset: number, into: Buffer): Buffer | undefined {
    if (offset < this.start || offset >= this.#end) return undefined
    const block = this.#findBlock(offset)
    if (block !== undefined) {
      const from = offset - block.start
      return block.data.subarray(from, Math.min(block.used, from + into.length))
    }
    return this.#tryReading(() => {
      const length = this.#fill(into, offset)
      return length === 0 ? undefined : into.subarray(0, length)
    })
  }

  /** Bytes of the stream as UTF-8 text; undefined where they are no longer kept. */
  text(offset: number, length: number): string | undefined {
    if (offset < this.start || offset + length > this.#end) return undefined
    const block = this.#findBlock(offset)
    if (block !== undefined) {
      const from = offset - block.start
      return block.data.toString('utf8', from, from + length)
    }
    if (length > ReadAhead.LIMIT) return this.view(offset, length)?.toString()
    return this.#tryReading(() => this.#readAhead.text(offset, length, (into) => this.#fill(into, offset)))
  }

  /** The length of the `meta` of the record at an offset. */
  readMetaLength(offset: number): number | undefined {
    return this.view(offset, 4)?.readUInt32LE(0)
  }

  /** Writes what is not written yet. False where the disk does not take it now. */
  flush(): boolean {
    const block = this.#current
    if (block === undefined || block.written === block.used) return true
    const bytes = block.data.subarray(block.written, block.used)
    if (!this.#write(block.start + block.written, [bytes], block.written === 0)) return false
    block.written = block.used
    return true
  }

  /** Forgets everything and starts again at offset 0. */
  clear(): void {
    this.close()
    const files = this.#files
    this.#files = []
    this.#sealed = []
    this.#windows = []
    this.#readAhead = new ReadAhead()
    this.#current = undefined
    this.#end = 0
    this.#failingSince = undefined
    for (const file of files) removeFile(file.path)
  }

  /** Closes the files as they are. */
  close(): void {
    for (const file of this.#files) closeSync(file.fd)
  }

  #startBlock(): Block {
    const data = this.#spare ?? Buffer.allocUnsafeSlow(this.#options.blockSize)
    this.#spare = undefined
    this.#current = { data, start: this.#end, used: 0, written: 0 }
    return this.#current
  }

  /** Writes the current block to its end, leaving none. */
  #seal(): boolean {
    const block = this.#current
    if (block === undefined) return true
    if (!this.flush()) return false
    this.#current = undefined
    if (block.used === 0) {
      this.#spare = block.data
      return true
    }
    this.#sealed.push(block)
    const { memoryLimit, blockSize } = this.#options
    while ((this.#sealed.length + 1) * blockSize > memoryLimit) {
      const oldest = this.#sealed.shift()
      if (oldest === undefined) break
      this.#spare = oldest.data
    }
    return true
  }

  #appendLarge(meta: string | undefined, metaSize: number, payload: Uint8Array): number {
    if (metaSize + payload.length > this.#options.diskLimit) return -1
    const parts: Uint8Array[] = []
    if (meta !== undefined) {
      const head = Buffer.allocUnsafe(metaSize)
      head.writeUInt32LE(metaSize - 4, 0)
      head.write(meta, 4)
      parts.push(head)
    }
    parts.push(payload)
    const offset = this.#end
    if (!this.#write(offset, parts, true)) return -1
    this.#end = offset + metaSize + payload.length
    return offset
  }

  /** Writes at an offset of the stream; another file may begin only where a block does. */
  #write(offset: number, parts: readonly Uint8Array[], mayRotate: boolean): boolean {
    const now = performance.now()
    if (this.#failingSince !== undefined && now - this.#failingSince < RETRY_DELAY) return false
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    try {
      this.#makeRoom(size)
      let file = this.#files.at(-1)
      if (file === undefined || (mayRotate && file.end - file.start + size > this.#fileSize))
        file = this.#openFile(offset)
      let position = offset - file.start
      for (const part of parts) {
        writeFully(file.fd, part, position)
        position += part.length
      }
      file.end = offset + size
    } catch (error) {
      this.#fail(error)
      return false
    }
    this.#failingSince = undefined
    return true
  }

  #openFile(start: number): SpoolFile {
    const path = join(this.#options.directory, numberedName(this.#options.name, start))
    const file = { fd: openSync(path, 'w+', PRIVATE_FILE), path, start, end: start }
    this.#files.push(file)
    return file
  }

  /** Drops the oldest files until `size` more bytes fit; never the one being written. */
  #makeRoom(size: number): void {
    const written = () => (this.#files.at(-1)?.end ?? 0) - (this.#files[0]?.start ?? 0)
    while (this.#files.length > 1 && written() + size > this.#options.diskLimit) {
      const oldest = this.#files.shift()
      if (oldest === undefined) return
      closeSync(oldest.fd)
      removeFile(oldest.path)
      while (this.#sealed[0] !== undefined && this.#sealed[0].start < oldest.end) this.#sealed.shift()
    }
  }

  #fail(error: unknown): void {
    const told = this.#failingSince !== undefined
    this.#failingSince = performance.now()
    if (!told) this.#options.onError(error)
  }

  #findBlock(offset: number): Block | undefined {
    if (this.#current !== undefined && offset >= this.#current.start) return this.#current
    let low = 0
    let high = this.#sealed.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#sealed[middle]?.start ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    const block = this.#sealed[low - 1]
    return block !== undefined && offset < block.start + block.used ? block : undefined
  }

  /** Fills a buffer from an offset on, up to the end of the file; returns how much that was. */
  #fill(into: Buffer, offset: number): number {
    const file = this.#fileOf(offset)
    if (file === undefined) return 0
    return readFully(file.fd, into.subarray(0, Math.min(into.length, file.end - offset)), offset - file.start)
  }

  #fileOf(offset: number): SpoolFile | undefined {
    return this.#files.findLast((each) => each.start <= offset)
  }

  /** Undefined where the disk fails, which is told once. */
  #tryReading<T>(read: () => T | undefined): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!this.#readFailed) this.#options.onError(error)
      this.#readFailed = true
      return undefined
    }
  }

  #readFile(offset: number, length: number): Buffer | undefined {
    const file = this.#fileOf(offset)
    if (file === undefined) return undefined
    const bytes = Buffer.allocUnsafeSlow(length)
    const count = readFully(file.fd, bytes, offset - file.start)
    return count === length ? bytes : undefined
  }

  /** Neighbouring records are read together, since whoever reads one goes on to the next. */
  #readWindow(offset: number, length: number): Buffer | undefined {
    const holds = ({ start, bytes }: Window) => start <= offset && offset + length <= start + bytes.length
    let window = this.#windows.find(holds)
    if (window === undefined) {
      const file = this.#fileOf(offset)
      if (file === undefined) return undefined
      const start = Math.max(file.start, Math.floor(offset / WINDOW_STEP) * WINDOW_STEP)
      const bytes = Buffer.allocUnsafeSlow(Math.min(WINDOW_SIZE, file.end - start))
      window = { start, bytes: bytes.subarray(0, readFully(file.fd, bytes, start - file.start)) }
      if (!holds(window)) return undefined
      this.#windows = [window, ...this.#windows.slice(0, MAX_WINDOWS - 1)]
    }
    const from = offset - window.start
    return window.bytes.subarray(from, from + length)
  }
}
