import assert from 'node:assert/strict'
import { ColumnSegments, emptyRow, ROW_COLUMNS } from '../../src/capture/column-segments.ts'
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
})
