/**
 * The columns on disk, so that they survive a crash. Each batch has a length and a checksum; reading stops at the first
 * torn batch. Numbers are in the byte order of the machine, because the files never leave it.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { packedOrder, rowSize, unpackColumns } from '../../shared/typed-columns.ts'
import {
  type ColumnSegments,
  ROW_COLUMNS,
  type Row,
  rowAt,
  SEGMENT_SIZE,
  type Segment,
} from '../column-segments.ts'
import { numberedFiles, numberedName, PRIVATE_FILE, readFully, removeFile, writeFully } from './files.ts'

const NAME = 'rows'
const MAGIC = 0x52545242
/** magic, count, checksum (4 bytes each), 4 bytes unused, number of the first event (8 bytes). */
const HEAD_SIZE = 24
const ROW_SIZE = rowSize(ROW_COLUMNS)
/** Events of a file. */
const FILE_EVENTS = 64 * SEGMENT_SIZE
const PACKED = packedOrder(ROW_COLUMNS)

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
  /** Room for a batch. Used again, because memory for each batch makes V8 collect garbage sooner. */
  #packed = new Uint8Array(0)

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
      const batch = this.#pack(segment, from, segment.count)
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
        const batch = unpack(bytes, at, log.#next)
        if (batch === undefined) break
        for (const row of batch) {
          torn = !isWhole(row)
          if (torn) break
          add(row)
          log.#next++
        }
        if (!torn) at += HEAD_SIZE + ROW_SIZE * batch.length
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

  /** The batch of the rows [from, to) of a segment, valid until the next one. */
  #pack(segment: Segment, from: number, to: number): Uint8Array {
    const count = to - from
    const size = HEAD_SIZE + count * ROW_SIZE
    if (this.#packed.length < size) this.#packed = new Uint8Array(size)
    const bytes = this.#packed.subarray(0, size)
    let at = HEAD_SIZE
    for (const name of PACKED) {
      const { buffer, byteOffset, byteLength } = segment[name].subarray(from, to)
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at)
      at += byteLength
    }
    const head = new DataView(bytes.buffer)
    head.setUint32(0, MAGIC, true)
    head.setUint32(4, count, true)
    head.setUint32(8, crc32(bytes.subarray(HEAD_SIZE)), true)
    head.setFloat64(16, segment.first + from, true)
    return bytes
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

/** The batch at a position; undefined if there is no whole batch there that begins with event `first`. */
function unpack(bytes: Buffer, at: number, first: number): Row[] | undefined {
  if (bytes.length - at < HEAD_SIZE || bytes.readUInt32LE(at) !== MAGIC) return undefined
  const count = bytes.readUInt32LE(at + 4)
  if (count > SEGMENT_SIZE || bytes.length - at < HEAD_SIZE + count * ROW_SIZE) return undefined
  // Copied, so that the columns are aligned.
  const body = new Uint8Array(bytes.subarray(at + HEAD_SIZE, at + HEAD_SIZE + count * ROW_SIZE))
  if (crc32(body) !== bytes.readUInt32LE(at + 8) || bytes.readDoubleLE(at + 16) !== first) return undefined
  const columns = unpackColumns(ROW_COLUMNS, body.buffer, count)
  return Array.from({ length: count }, (_, n) => rowAt(columns, n))
}

function countEvents(bytes: Buffer): number {
  let count = 0
  for (let at = 0; at < bytes.length; ) {
    const events = bytes.readUInt32LE(at + 4)
    count += events
    at += HEAD_SIZE + ROW_SIZE * events
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
    const head = Buffer.alloc(HEAD_SIZE)
    let end = first
    for (let at = 0; at + HEAD_SIZE <= size; ) {
      readFully(fd, head, at)
      const count = head.readUInt32LE(4)
      at += HEAD_SIZE + ROW_SIZE * count
      if (head.readUInt32LE(0) !== MAGIC || count > SEGMENT_SIZE || at > size) break
      end += count
    }
    return end
  } finally {
    closeSync(fd)
  }
}
