/**
 * A batch of rows on disk: a head with a checksum, then the columns one after another, those of many rows as runs.
 * Numbers are in the byte order of the machine, because the files never leave it.
 */
import { crc32 } from 'node:zlib'
import { allocate, type Columns, packedOrder, rowSize, unpackColumns } from '../../shared/typed-columns.ts'
import { ROW_COLUMNS, SEGMENT_SIZE, type Segment } from '../column-segments.ts'
import { ColumnRuns, fillFromRuns, RUN_SIZE } from './column-runs.ts'

const MAGIC = 0x52545242
/** Magic, count, checksum, `runsSize` (4 bytes each), number of the first event (8 bytes). */
export const HEAD_SIZE = 24
const ROW_SIZE = rowSize(ROW_COLUMNS)
const PACKED = packedOrder(ROW_COLUMNS)
/** Fewer rows are not searched for runs. */
const FEW = 64
/** Before each column that may be runs: how many there are; 0 if it is not. */
const COUNT_SIZE = 4
const MAX_RUNS_SIZE = SEGMENT_SIZE * ROW_SIZE + PACKED.length * COUNT_SIZE

export interface BatchHead {
  readonly count: number
  readonly checksum: number
  /** Bytes of columns that may be runs; 0 if none is. */
  readonly runsSize: number
  /** Bytes after the head. */
  readonly bodySize: number
  /** Number of the first event. */
  readonly first: number
}

/** The head of the batch at a position; undefined if no batch is there. */
export function batchHead(bytes: Buffer, at: number): BatchHead | undefined {
  if (bytes.length - at < HEAD_SIZE || bytes.readUInt32LE(at) !== MAGIC) return undefined
  const count = bytes.readUInt32LE(at + 4)
  const runsSize = bytes.readUInt32LE(at + 12)
  if (count > SEGMENT_SIZE || runsSize > MAX_RUNS_SIZE) return undefined
  return {
    ...{ count, checksum: bytes.readUInt32LE(at + 8), runsSize },
    bodySize: runsSize === 0 ? count * ROW_SIZE : runsSize,
    first: bytes.readDoubleLE(at + 16),
  }
}

/** Packs batches. Their memory is used again, because memory for each batch makes V8 collect garbage sooner. */
export class RowPacker {
  readonly #runs = new ColumnRuns(SEGMENT_SIZE)
  #bytes = new Uint8Array(0)

  /** The batch of the rows [from, to) of a segment, valid until the next one. */
  pack(segment: Segment, from: number, to: number): Uint8Array {
    const count = to - from
    const mayHaveRuns = count >= FEW
    const room = HEAD_SIZE + count * ROW_SIZE + PACKED.length * COUNT_SIZE
    if (this.#bytes.length < room) this.#bytes = new Uint8Array(room)
    const bytes = this.#bytes
    const head = new DataView(bytes.buffer)
    let at = HEAD_SIZE
    for (const name of PACKED) {
      const column = segment[name].subarray(from, to)
      let packed = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
      if (mayHaveRuns) {
        const runs = this.#runs.find(column, isOfDifferences(name))
        head.setUint32(at, runs === undefined ? 0 : runs.length / RUN_SIZE, true)
        at += COUNT_SIZE
        packed = runs ?? packed
      }
      bytes.set(packed, at)
      at += packed.length
    }
    const body = bytes.subarray(HEAD_SIZE, at)
    head.setUint32(0, MAGIC, true)
    head.setUint32(4, count, true)
    head.setUint32(8, crc32(body), true)
    head.setUint32(12, mayHaveRuns ? body.length : 0, true)
    head.setFloat64(16, segment.first + from, true)
    return bytes.subarray(0, at)
  }
}

/** The columns of the batch at a position; undefined unless a whole batch is there, and begins with event `first`. */
export function unpackBatch(
  bytes: Buffer,
  at: number,
  first: number,
): { readonly columns: Columns<typeof ROW_COLUMNS>; readonly head: BatchHead } | undefined {
  const head = batchHead(bytes, at)
  if (head === undefined || bytes.length - at < HEAD_SIZE + head.bodySize) return undefined
  // Copied, so that the columns are aligned.
  const body = new Uint8Array(bytes.subarray(at + HEAD_SIZE, at + HEAD_SIZE + head.bodySize))
  if (crc32(body) !== head.checksum || head.first !== first) return undefined
  const { count } = head
  const columns =
    head.runsSize === 0 ? unpackColumns(ROW_COLUMNS, body.buffer, count) : unpackRuns(body, count)
  return columns && { columns, head }
}

function unpackRuns(body: Uint8Array, count: number): Columns<typeof ROW_COLUMNS> | undefined {
  const columns = allocate(ROW_COLUMNS, count)
  const view = new DataView(body.buffer)
  let at = 0
  for (const name of PACKED) {
    if (body.length - at < COUNT_SIZE) return undefined
    const runs = view.getUint32(at, true)
    at += COUNT_SIZE
    const column = columns[name]
    const size = runs === 0 ? column.byteLength : runs * RUN_SIZE
    if (body.length - at < size) return undefined
    const packed = new Uint8Array(body.subarray(at, at + size))
    at += size
    if (runs === 0) new Uint8Array(column.buffer).set(packed)
    else if (!fillFromRuns(column, new Float64Array(packed.buffer), isOfDifferences(name))) return undefined
  }
  return at === body.length ? columns : undefined
}

/** Records usually follow one another at equal distances. */
function isOfDifferences(name: keyof typeof ROW_COLUMNS): boolean {
  return name === 'offset'
}
