import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import {
  ColumnSegments,
  emptyRow,
  ROW_COLUMNS,
  type Row,
  rowAt,
} from '../../../src/capture/column-segments.ts'
import { HEAD_SIZE, RowPacker, unpackBatch } from '../../../src/capture/disk/row-batch.ts'
import { packedOrder } from '../../../src/shared/typed-columns.ts'
import { seededRandom } from '../../support/splits.ts'

/** A packed copy of rows from the one at `from` on, whose events begin at number 0. */
function packed(rows: readonly Row[], from = 0): Buffer {
  const segments = new ColumnSegments()
  for (const row of rows) segments.append(row)
  return Buffer.from(new RowPacker().pack(segments.segment(0), from, rows.length))
}

/** The batch of rows that version 1 of a capture has, however many they are. */
function packedBefore(rows: readonly Row[]): Buffer {
  const segments = new ColumnSegments()
  for (const row of rows) segments.append(row)
  const segment = segments.segment(0)
  const body = Buffer.concat(
    packedOrder(ROW_COLUMNS).map((name) => {
      const { buffer, byteOffset, byteLength } = segment[name].subarray(0, rows.length)
      return new Uint8Array(buffer, byteOffset, byteLength)
    }),
  )
  const head = Buffer.alloc(HEAD_SIZE)
  head.write('BRTR')
  head.writeUInt32LE(rows.length, 4)
  head.writeUInt32LE(crc32(body), 8)
  return Buffer.concat([head, body])
}

function unpacked(bytes: Buffer, first = 0): Row[] | undefined {
  const batch = unpackBatch(bytes, 0, first)
  return batch && Array.from({ length: batch.head.count }, (_, n) => rowAt(batch.columns, n))
}

/** Rows of a flood: messages of one size that lie side by side, a few hundred of which arrived together. */
function flood(count: number): Row[] {
  return Array.from({ length: count }, (_, n) => ({
    ...{ ...emptyRow(), kind: 3, connection: 1, size: 64, eventName: 2 },
    ...{ time: Math.floor(n / 300) / 7, wireSize: n % 227 === 0 ? 81 : 72, offset: n * 72 + 2 ** 33 },
  }))
}

function randomRows(count: number, seed: number): Row[] {
  const random = seededRandom(seed)
  const some = (end: number) => Math.floor(random() * end)
  let row = emptyRow()
  return Array.from({ length: count }, () => {
    row = { ...row }
    if (random() < 0.5) row.time += random()
    if (random() < 0.2) row.offset = some(2 ** 50)
    if (random() < 0.3) row.size = some(2 ** 32)
    if (random() < 0.3) row.wireSize = some(2 ** 32)
    if (random() < 0.1) row.connection = some(65_536)
    if (random() < 0.05) Object.assign(row, { kind: some(256), flags: some(256), frames: some(65_536) })
    return row
  })
}

describe('a batch of rows', () => {
  it('is the same after it was read, whatever changes from row to row', () => {
    for (const [seed, count] of [1, 2, 63, 64, 65, 1000, 16_384].entries()) {
      const rows = randomRows(count, seed)
      assert.deepEqual(unpacked(packed(rows)), rows)
      const from = count >> 1
      assert.deepEqual(unpacked(packed(rows, from), from), rows.slice(from))
    }
  })

  it('takes hardly any bytes for a message of a flood', () => {
    const rows = flood(16_384)
    const bytes = packed(rows)
    assert.deepEqual(unpacked(bytes), rows)
    assert.ok(bytes.length < rows.length / 2, `${bytes.length} bytes`)
  })

  it('is that of earlier versions if it has few rows', () => {
    const rows = flood(40)
    assert.deepEqual(packed(rows), packedBefore(rows))
  })

  it('is read if earlier versions wrote it, however many rows it has', () => {
    for (const count of [40, 64, 1000, 16_384]) {
      const rows = randomRows(count, count)
      const bytes = packedBefore(rows)
      assert.equal(bytes.length, HEAD_SIZE + count * 32)
      assert.deepEqual(unpacked(bytes), rows)
    }
  })

  it('is not read if a byte of it changed, or it is not whole', () => {
    const bytes = packed(flood(200))
    for (let at = 0; at < bytes.length; at++) {
      const wrong = Buffer.from(bytes)
      wrong[at] = (wrong[at] ?? 0) ^ 0x5a
      assert.equal(unpacked(wrong), undefined, `byte ${at}`)
      assert.equal(unpacked(bytes.subarray(0, at)), undefined, `${at} bytes`)
    }
    assert.equal(unpacked(bytes, 1), undefined, 'the number of the first event')
  })
})
