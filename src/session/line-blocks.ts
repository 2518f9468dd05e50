/** Reads the lines of a session file, many at once and in bounded memory. */
import { constants } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'

export const NEWLINE = 0x0a
/** Bytes read at once. Indexing them takes a few milliseconds. */
const BLOCK_SIZE = 1024 * 1024
/**
 * Bytes for readers that make an event of each line: all events of a block are alive at once, and with 1 MiB, converting
 * messages of 100 B took 20 to 35 MB more. Also for readers that do little with a line: V8 optimizes a loop over fewer
 * lines when it starts, instead of in the middle, and then once more.
 */
export const SMALL_BLOCK_SIZE = 256 * 1024
/** A control character takes six characters in JSON (`\u0001`), more than any other byte. */
const MAX_EXPANSION = 6
const LINE_ALLOWANCE = BLOCK_SIZE

/** Bytes of the longest line that is read, for payloads of up to `maxMessageSize` bytes. */
export function longestLine(maxMessageSize: number): number {
  return Math.min(MAX_EXPANSION * maxMessageSize + LINE_ALLOWANCE, constants.MAX_STRING_LENGTH)
}

export interface LineBlock {
  /** Whole lines with their newlines; only the last line of the file can lack one. Valid until the next block. */
  readonly bytes: Buffer
  /** Position of the block in the file. */
  readonly offset: number
  /** Position at which reading continues. */
  readonly end: number
  /** The block is one line that is longer than the limit, and `bytes` is empty. */
  readonly isTooLong: boolean
}

/** Yields all lines of the file, up to `blockSize` bytes at once. Ends early once the signal is aborted. */
export async function* readBlocks(
  file: FileHandle,
  maxLine: number,
  signal?: AbortSignal,
  blockSize = BLOCK_SIZE,
): AsyncGenerator<LineBlock> {
  const buffer = Buffer.allocUnsafeSlow(blockSize)
  for (let offset = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset)
    if (bytesRead === 0 || signal?.aborted) return
    const wholeLines = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1
    const isLast = wholeLines === 0 && bytesRead < buffer.length
    const length = wholeLines || (isLast ? bytesRead : await lengthOfLine(file, offset, bytesRead, signal))
    if (signal?.aborted) return
    const end = offset + length
    if (length > maxLine + 1) yield { bytes: buffer.subarray(0, 0), offset, end, isTooLong: true }
    else if (length <= bytesRead) yield { bytes: buffer.subarray(0, length), offset, end, isTooLong: false }
    else {
      const line = await file.read(Buffer.allocUnsafe(length), 0, length, offset)
      yield { bytes: line.buffer.subarray(0, line.bytesRead), offset, end, isTooLong: false }
    }
    if (isLast) return
    offset = end
  }
}

/** Length of the line at `offset`, with its newline, whose first `known` bytes have no newline. */
async function lengthOfLine(
  file: FileHandle,
  offset: number,
  known: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const buffer = Buffer.allocUnsafe(BLOCK_SIZE)
  for (let length = known; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset + length)
    if (bytesRead === 0 || signal?.aborted) return length
    const newline = buffer.subarray(0, bytesRead).indexOf(NEWLINE)
    if (newline >= 0) return length + newline + 1
    length += bytesRead
  }
}
