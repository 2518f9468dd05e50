/**
 * The columns on disk, so that they survive a crash. Each batch has a length and a checksum; reading stops at the first
 * torn batch.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ColumnSegments, type Row, rowAt, SEGMENT_SIZE } from '../column-segments.ts'
import { numberedFiles, numberedName, PRIVATE_FILE, readFully, removeFile, writeFully } from './files.ts'
import { batchHead, HEAD_SIZE, RowPacker, unpackBatch } from './row-batch.ts'

const NAME = 'rows'
/** Events of a file. */
const FILE_EVENTS = 64 * SEGMENT_SIZE

interface RowFile {
  readonly fd: number
  readonly path: string
  readonly first: number
  size: number
}

export class RowLog {
  readonly #directory: string
  #files: RowFile[] = []
  /** Number of the first event that is not written yet. */
  #next = 0
  readonly #packer = new RowPacker()

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Writes the events that are not written yet. Throws the disk's error; the next call tries again. */
  flush(rows: ColumnSegments): void {
    if (this.#next < rows.firstKept) {
      // The disk failed for so long that events were dropped from memory. The log must not have a gap.
      this.clear()
      this.#next = rows.firstKept
    }
    while (this.#next < rows.count) {
      const segment = rows.segment(this.#next)
      const from = this.#next - segment.first
      const file = this.#fileFor(this.#next)
      const batch = this.#packer.pack(segment, from, segment.count)
      writeFully(file.fd, batch, file.size)
      file.size += batch.length
      this.#next = segment.first + segment.count
    }
    this.#dropBefore(rows.firstKept)
  }

  clear(): void {
    this.close()
    const files = this.#files
    this.#files = []
    this.#next = 0
    for (const file of files) removeFile(file.path)
  }

  close(): void {
    for (const file of this.#files) closeSync(file.fd)
  }

  /**
   * Reads the rows of an earlier process, cuts off a torn end, and continues after it. Calls `start` with the number of
   * the first event, then `add` for each row. The log ends at the first row that is not `isWhole`: whose record is
   * incomplete.
   */
  static reopen(
    directory: string,
    isWhole: (row: Row) => boolean,
    start: (first: number) => void,
    add: (row: Row) => void,
  ): RowLog {
    const log = new RowLog(directory)
    let torn = false
    for (const first of numberedFiles(directory, NAME)) {
      const path = join(directory, numberedName(NAME, first))
      if (torn || (log.#files.length > 0 && first !== log.#next)) {
        removeFile(path)
        continue
      }
      if (log.#files.length === 0) {
        log.#next = first
        start(first)
      }
      const bytes = readFileSync(path)
      let at = 0
      while (!torn) {
        const batch = unpackBatch(bytes, at, log.#next)
        if (batch === undefined) break
        for (let n = 0; n < batch.head.count; n++) {
          const row = rowAt(batch.columns, n)
          torn = !isWhole(row)
          if (torn) break
          add(row)
          log.#next++
        }
        if (!torn) at += HEAD_SIZE + batch.head.bodySize
      }
      torn ||= at < bytes.length
      const fd = openSync(path, 'r+')
      ftruncateSync(fd, at)
      log.#files.push({ fd, path, first, size: at })
      // A batch that is only partly whole is cut from the file and written again from memory.
      log.#next = first + countEvents(bytes.subarray(0, at))
    }
    return log
  }

  #fileFor(index: number): RowFile {
    const last = this.#files.at(-1)
    if (last !== undefined && index - last.first < FILE_EVENTS) return last
    const path = join(this.#directory, numberedName(NAME, index))
    const file = { fd: openSync(path, 'w', PRIVATE_FILE), path, first: index, size: 0 }
    this.#files.push(file)
    return file
  }

  #dropBefore(firstKept: number): void {
    while (this.#files[1] !== undefined && this.#files[1].first <= firstKept) {
      const oldest = this.#files.shift()
      if (oldest === undefined) return
      closeSync(oldest.fd)
      removeFile(oldest.path)
    }
  }
}

/** Number of events in whole batches. */
function countEvents(bytes: Buffer): number {
  let count = 0
  let at = 0
  for (let head = batchHead(bytes, at); head !== undefined; head = batchHead(bytes, at)) {
    count += head.count
    at += HEAD_SIZE + head.bodySize
  }
  return count
}

/** The number after the last event in a folder, according to the heads of the batches. */
export function endOfRows(directory: string): number {
  const first = numberedFiles(directory, NAME).at(-1)
  if (first === undefined) return 0
  const fd = openSync(join(directory, numberedName(NAME, first)), 'r')
  try {
    const { size } = fstatSync(fd)
    const bytes = Buffer.alloc(HEAD_SIZE)
    let end = first
    for (let at = 0; at + HEAD_SIZE <= size; ) {
      readFully(fd, bytes, at)
      const head = batchHead(bytes, 0)
      if (head === undefined) break
      at += HEAD_SIZE + head.bodySize
      if (at > size) break
      end += head.count
    }
    return end
  } finally {
    closeSync(fd)
  }
}
