/** Reads lines at known positions of a file. Keeps a block in memory, because neighbors are often read next. */
import { isUtf8 } from 'node:buffer'
import { closeSync, openSync } from 'node:fs'
import { readFully } from '../capture/disk/files.ts'
import { NEWLINE } from './line-blocks.ts'

const BLOCK_SIZE = 256 * 1024
/** Bytes that are searched for the end of a line first. */
const SHORT_LINE = 64 * 1024

/** Fills the buffer from a position in a file, up to the end of the file. */
function fill(fd: number, buffer: Buffer, offset: number): Buffer {
  return buffer.subarray(0, readFully(fd, buffer, offset))
}

export class LineReader {
  readonly #fd: number
  readonly #buffer = Buffer.allocUnsafeSlow(BLOCK_SIZE)
  /** The part of the file that is in the buffer. */
  #block: Buffer = this.#buffer.subarray(0, 0)
  #blockAt = 0
  /** Whether the whole lines of the block are UTF-8. Undefined if not known yet. */
  #isUtf8: boolean | undefined

  constructor(path: string) {
    this.#fd = openSync(path, 'r')
  }

  /** What is read at once: a view that is valid until the next call of another function. */
  get block(): Buffer {
    return this.#block
  }

  /** Makes the block contain bytes of the file. Returns where they begin in it, or -1 if they are too many. */
  load(offset: number, length: number): number {
    if (length > BLOCK_SIZE) return -1
    const from = offset - this.#blockAt
    if (from >= 0 && from + length <= this.#block.length) return from
    this.#block = fill(this.#fd, this.#buffer, offset)
    this.#blockAt = offset
    this.#isUtf8 = undefined
    return 0
  }

  /** Whether whole lines of the block, with their newlines, are UTF-8. */
  isUtf8(from: number, to: number): boolean {
    this.#isUtf8 ??= isUtf8(this.#block.subarray(0, this.#block.lastIndexOf(NEWLINE) + 1))
    return this.#isUtf8 || isUtf8(this.#block.subarray(from, to))
  }

  /** The bytes at a position, up to the end of the file: a view that is valid until the next call. */
  read(offset: number, length: number): Buffer {
    const from = this.load(offset, length)
    return from < 0
      ? fill(this.#fd, Buffer.allocUnsafe(length), offset)
      : this.#block.subarray(from, from + length)
  }

  /**
   * The line at an offset, without its newline. It ends at `end` at the latest. Reads no further than the block in
   * which the line ends. A view that is valid until the next call.
   */
  line(offset: number, end: number): Buffer {
    for (let length = Math.min(SHORT_LINE, end - offset); ; length = Math.min(length * 4, end - offset)) {
      const bytes = this.read(offset, length)
      const newline = bytes.indexOf(NEWLINE)
      if (newline >= 0) return bytes.subarray(0, newline)
      if (length === end - offset) return bytes
    }
  }

  /** As many bytes from an offset as `into` holds, up to the end of the file. Undefined if there are none. */
  piece(offset: number, into: Buffer): Buffer | undefined {
    const bytes = fill(this.#fd, into, offset)
    return bytes.length === 0 ? undefined : bytes
  }

  close(): void {
    closeSync(this.#fd)
  }
}
