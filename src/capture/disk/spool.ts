/**
 * A stream of bytes on disk, with its newest blocks also in memory. The stream is split into files so that the oldest
 * can be dropped; a record is always in a single block and a single file. While the disk fails, blocks wait in memory,
 * and the oldest are dropped at a limit. The stream then has a gap, and a new file begins after it.
 */
import { closeSync, fstatSync, ftruncateSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { type Block, Blocks, type BlocksOptions } from './blocks.ts'
import { numberedFiles, numberedName, PRIVATE_FILE, readFully, removeFile, writeFully } from './files.ts'
import { ReadAhead } from './read-ahead.ts'

export interface SpoolOptions extends BlocksOptions {
  readonly directory: string
  /** First part of the files' names. */
  readonly name: string
  /** Bytes on disk; the oldest file is dropped above this limit. */
  readonly diskLimit: number
  /** Called once when writing fails, and again only after it has worked in between. */
  readonly onError: (error: unknown) => void
  /** Called once when reading fails. Default `onError`. */
  readonly onReadError?: (error: unknown) => void
}

/** Gets the part of `bytes` from `from` up to `to`. */
export interface BytesTaker {
  take(bytes: Buffer, from: number, to: number): void
}

interface SpoolFile {
  readonly fd: number
  readonly path: string
  readonly start: number
  end: number
}

/** Bytes read around an earlier record. */
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
  readonly #blocks: Blocks
  #files: SpoolFile[] = []
  #windows: Window[] = []
  readonly #readAhead = new ReadAhead()
  /** Offset of the next record. */
  #end = 0
  #failingSince: number | undefined
  #readFailed = false

  constructor(options: SpoolOptions) {
    this.#options = options
    this.#blocks = new Blocks(options)
    this.#fileSize = Math.max(options.blockSize, Math.min(MAX_FILE_SIZE, options.diskLimit / 8))
  }

  /** Opens the files of an earlier process. */
  static reopen(options: SpoolOptions): Spool {
    const spool = new Spool(options)
    const starts = numberedFiles(options.directory, options.name)
    for (const [index, start] of starts.entries()) {
      const path = join(options.directory, numberedName(options.name, start))
      const fd = openSync(path, 'r+')
      // A partly written block that was dropped later may reach beyond the start of the next file.
      const end = Math.min(start + fstatSync(fd).size, starts[index + 1] ?? Number.POSITIVE_INFINITY)
      spool.#files.push({ fd, path, start, end })
    }
    spool.#end = spool.#files.at(-1)?.end ?? 0
    return spool
  }

  /** Offset of the oldest byte kept. */
  get start(): number {
    return this.#files[0]?.start ?? this.#blocks.start ?? this.#end
  }

  /** Offset after the newest byte. */
  get end(): number {
    return this.#end
  }

  /** Bytes kept, including those not written yet. */
  get bytes(): number {
    const waiting = this.#blocks.unwritten().reduce((sum, { used, written }) => sum + used - written, 0)
    return this.#written() + waiting
  }

  /** Whether the record at an offset is kept, on disk or in memory. */
  holds(offset: number): boolean {
    if (this.#blocks.find(offset) !== undefined) return true
    const file = this.#fileOf(offset)
    return file !== undefined && offset < file.end
  }

  /**
   * Adds a record of one or several events: `meta` if given (its length in 4 bytes, then UTF-8), then the payload.
   * Returns its offset, or -1 if neither disk nor memory has room.
   */
  append(meta: string | undefined, payload: Uint8Array, events = 1): number {
    const metaSize = meta === undefined ? 0 : 4 + Buffer.byteLength(meta)
    const size = metaSize + payload.length
    const { blockSize } = this.#options
    let block = this.#blocks.current
    if (block === undefined || block.used + size > blockSize) {
      const isWritten = this.flush()
      this.#blocks.seal()
      if (size > blockSize) return this.#appendLarge(meta, payload, metaSize, events, isWritten)
      block = this.#blocks.begin(this.#end)
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
    block.unwritten += events
    this.#end = offset + size
    return offset
  }

  /** Bytes of the stream; undefined if they are no longer kept. Valid until the next append. */
  view(offset: number, length: number): Buffer | undefined {
    if (offset < this.start || offset + length > this.#end) return undefined
    const block = this.#blocks.find(offset)
    if (block !== undefined) {
      const from = offset - block.start
      return block.data.subarray(from, from + length)
    }
    return this.#tryReading(() =>
      length <= WINDOW_STEP ? this.#readWindow(offset, length) : this.#readFile(offset, length),
    )
  }

  /** As `view`, but gives the bytes as a part of others, because making a view takes as long as reading a short record. */
  give(offset: number, length: number, taker: BytesTaker): boolean {
    const block = this.#blocks.find(offset)
    if (block !== undefined && offset + length <= this.#end) {
      const from = offset - block.start
      taker.take(block.data, from, from + length)
      return true
    }
    const view = this.view(offset, length)
    if (view !== undefined) taker.take(view, 0, length)
    return view !== undefined
  }

  /**
   * Bytes from an offset on, up to the length of `into`: a view, or `into` filled; fewer only if a record ends there.
   * Undefined if they are no longer kept. Valid until the next append.
   */
  piece(offset: number, into: Buffer): Buffer | undefined {
    if (offset < this.start || offset >= this.#end) return undefined
    const block = this.#blocks.find(offset)
    if (block !== undefined) {
      const from = offset - block.start
      return block.data.subarray(from, Math.min(block.used, from + into.length))
    }
    return this.#tryReading(() => {
      const length = this.#fill(into, offset)
      return length === 0 ? undefined : into.subarray(0, length)
    })
  }

  /** Bytes of the stream as UTF-8 text; undefined if they are no longer kept. */
  text(offset: number, length: number): string | undefined {
    if (offset < this.start || offset + length > this.#end) return undefined
    const block = this.#blocks.find(offset)
    if (block !== undefined) {
      const from = offset - block.start
      return block.data.toString('utf8', from, from + length)
    }
    if (length > ReadAhead.LIMIT) return this.view(offset, length)?.toString()
    return this.#tryReading(() => this.#readAhead.text(offset, length, (into) => this.#fill(into, offset)))
  }

  /** The length of the `meta` of the record at an offset. */
  readMetaLength(offset: number): number | undefined {
    const block = this.#blocks.find(offset)
    if (block !== undefined && offset + 4 <= this.#end) return block.data.readUInt32LE(offset - block.start)
    return this.view(offset, 4)?.readUInt32LE(0)
  }

  /** Writes everything that is not written yet. Returns false if the disk fails. */
  flush(): boolean {
    return this.#blocks.unwritten().every((block) => this.#flushBlock(block))
  }

  /** Closes the files without writing. */
  close(): void {
    this.#blocks.release()
    for (const file of this.#files) closeSync(file.fd)
  }

  #flushBlock(block: Block): boolean {
    const bytes = block.data.subarray(block.written, block.used)
    if (!this.#write(block.start + block.written, [bytes], block.written === 0)) return false
    block.written = block.used
    block.unwritten = 0
    return true
  }

  /** Writes a record that is larger than a block to disk at once, or keeps it in memory as a block of its own. */
  #appendLarge(
    meta: string | undefined,
    payload: Uint8Array,
    metaSize: number,
    events: number,
    mayWrite: boolean,
  ): number {
    const size = metaSize + payload.length
    if (size > this.#options.diskLimit) return -1
    const parts: Uint8Array[] = []
    if (meta !== undefined) {
      const head = Buffer.allocUnsafe(metaSize)
      head.writeUInt32LE(metaSize - 4, 0)
      head.write(meta, 4)
      parts.push(head)
    }
    parts.push(payload)
    const offset = this.#end
    if (!mayWrite || !this.#write(offset, parts, true)) {
      if (size + this.#options.blockSize > this.#blocks.unwrittenLimit) return -1
      this.#blocks.add({
        data: Buffer.concat(parts),
        start: offset,
        used: size,
        written: 0,
        unwritten: events,
      })
    }
    this.#end = offset + size
    return offset
  }

  /** Writes at an offset of the stream. A new file may begin only at the start of a block. */
  #write(offset: number, parts: readonly Uint8Array[], mayRotate: boolean): boolean {
    const now = performance.now()
    if (this.#failingSince !== undefined && now - this.#failingSince < RETRY_DELAY) return false
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    let file: SpoolFile | undefined
    try {
      this.#makeRoom(size)
      file = this.#fileFor(offset, mayRotate ? size : 0)
      let position = offset - file.start
      for (const part of parts) {
        writeFully(file.fd, part, position)
        position += part.length
      }
      file.end = offset + size
    } catch (error) {
      this.#fail(error)
      // A partly written record is useless and takes space.
      if (file !== undefined) cut(file)
      return false
    }
    this.#failingSince = undefined
    return true
  }

  /** The file to write to at an offset: a new one after a gap, or if `size` bytes do not fit into the current one. */
  #fileFor(offset: number, size: number): SpoolFile {
    const file = this.#files.at(-1)
    if (file?.end === offset && (size === 0 || offset - file.start + size <= this.#fileSize)) return file
    // Created when the disk was already full.
    if (file !== undefined && file.end === file.start) {
      this.#files.pop()
      closeSync(file.fd)
      removeFile(file.path)
    }
    return this.#openFile(offset)
  }

  #openFile(start: number): SpoolFile {
    const path = join(this.#options.directory, numberedName(this.#options.name, start))
    const file = { fd: openSync(path, 'w+', PRIVATE_FILE), path, start, end: start }
    this.#files.push(file)
    return file
  }

  /** Drops the oldest files until `size` more bytes fit, except the file being written. */
  #makeRoom(size: number): void {
    while (this.#files.length > 1 && this.#written() + size > this.#options.diskLimit) {
      const oldest = this.#files.shift()
      if (oldest === undefined) return
      closeSync(oldest.fd)
      removeFile(oldest.path)
      this.#blocks.dropBefore(oldest.end)
    }
  }

  /** Bytes in files. */
  #written(): number {
    return this.#files.reduce((sum, { start, end }) => sum + end - start, 0)
  }

  #fail(error: unknown): void {
    const isReported = this.#failingSince !== undefined
    this.#failingSince = performance.now()
    if (!isReported) this.#options.onError(error)
  }

  /** Fills a buffer from an offset up to the end of the file. Returns the number of bytes read. */
  #fill(into: Buffer, offset: number): number {
    const file = this.#fileOf(offset)
    if (file === undefined || offset >= file.end) return 0
    return readFully(file.fd, into.subarray(0, Math.min(into.length, file.end - offset)), offset - file.start)
  }

  #fileOf(offset: number): SpoolFile | undefined {
    return this.#files.findLast((each) => each.start <= offset)
  }

  /** The file with all those bytes; undefined if they are in a gap. */
  #fileWith(offset: number, length: number): SpoolFile | undefined {
    const file = this.#fileOf(offset)
    return file !== undefined && offset + length <= file.end ? file : undefined
  }

  /** Returns undefined if reading fails, which is reported once. */
  #tryReading<T>(read: () => T | undefined): T | undefined {
    try {
      return read()
    } catch (error) {
      const { onError, onReadError = onError } = this.#options
      if (!this.#readFailed) onReadError(error)
      this.#readFailed = true
      return undefined
    }
  }

  #readFile(offset: number, length: number): Buffer | undefined {
    const file = this.#fileWith(offset, length)
    if (file === undefined) return undefined
    const bytes = Buffer.allocUnsafeSlow(length)
    const count = readFully(file.fd, bytes, offset - file.start)
    return count === length ? bytes : undefined
  }

  /** Reads a window around the record, because neighboring records are usually read next. */
  #readWindow(offset: number, length: number): Buffer | undefined {
    const holds = ({ start, bytes }: Window) => start <= offset && offset + length <= start + bytes.length
    let window = this.#windows.find(holds)
    if (window === undefined) {
      const file = this.#fileWith(offset, length)
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

/** Cuts off the bytes beyond the end of a file. */
function cut({ fd, start, end }: SpoolFile): void {
  try {
    ftruncateSync(fd, end - start)
  } catch {
    // The failure is already reported, and the next write overwrites these bytes.
  }
}
