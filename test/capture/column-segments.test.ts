import assert from 'node:assert/strict'
import { ColumnSegments, emptyRow, ROW_COLUMNS, SEGMENT_SIZE } from '../../src/capture/column-segments.ts'
import { columnNames, packedOrder, rowSize } from '../../src/shared/typed-columns.ts'

describe('the rows of a capture', () => {
  it('preserve every column of a row', () => {
    const rows = new ColumnSegments()
    const row = {
      ...emptyRow(),
      ...Object.fromEntries(columnNames(ROW_COLUMNS).map((name, at) => [name, at + 1])),
    }
    rows.append(emptyRow())
    rows.append(row)
    assert.deepEqual(rows.get(0), emptyRow())
    assert.deepEqual(rows.get(1), row)
  })

  it('keep their layout on disk, so that captures of earlier versions can be recovered', () => {
    assert.equal(rowSize(ROW_COLUMNS), 32)
    assert.equal(
      packedOrder(ROW_COLUMNS).join(),
      'time,offset,size,wireSize,connection,eventName,frames,kind,flags',
    )
  })

  for (const count of [3, 7])
    it(`are the same for batches of ${count} messages as one by one, also from one segment to the next`, () => {
      const batches = new ColumnSegments()
      const single = new ColumnSegments()
      const numbers = Array.from({ length: count }, (_, index) => index)
      const shared = { flags: 4, kinds: [0, 8], eventName: 5, frames: 1 } as const
      while (batches.count <= SEGMENT_SIZE) {
        const time = batches.count
        const offset = 1000 * time
        batches.appendBatch(
          9,
          {
            ...{ time: 0, count, bytes: new Uint8Array(0) },
            starts: Uint32Array.from(numbers, (n) => 10 + 100 * n),
            sizes: Uint32Array.from(numbers, (n) => n + 1),
            wireSizes: Uint32Array.from(numbers, (n) => n + 3),
            binary: Uint8Array.from(numbers, (n) => n % 2),
          },
          time,
          offset - 10,
          shared,
        )
        for (const n of numbers) {
          const own = {
            kind: shared.kinds[n % 2] ?? 0,
            size: n + 1,
            wireSize: n + 3,
            offset: offset + 100 * n,
          }
          single.append({ ...own, time, connection: 9, flags: 4, eventName: 5, frames: 1 })
        }
      }
      assert.equal(batches.count, single.count)
      for (let index = 0; index < single.count; index++)
        assert.deepEqual(batches.get(index), single.get(index), `event ${index}`)
    })
})
