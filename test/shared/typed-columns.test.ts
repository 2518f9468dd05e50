import assert from 'node:assert/strict'
import {
  allocate,
  columnNames,
  copyColumns,
  packedOrder,
  rowSize,
  sliceColumns,
  unpackColumns,
} from '../../src/shared/typed-columns.ts'

const TABLE = { kind: 'u8', time: 'f64', size: 'u32', name: 'u16', delta: 'f32' } as const

/** Columns in which every value identifies its column and row. */
function filled(count: number) {
  const columns = allocate(TABLE, count)
  for (const [at, name] of columnNames(TABLE).entries())
    for (let row = 0; row < count; row++) columns[name][row] = 20 * at + row
  return columns
}

describe('a table of columns', () => {
  it('gives each column an array of its element type', () => {
    const columns = allocate(TABLE, 3)
    assert.deepEqual(columnNames(TABLE), Object.keys(columns))
    assert.ok(columns.time instanceof Float64Array && columns.name instanceof Uint16Array)
    for (const name of columnNames(TABLE)) assert.equal(columns[name].length, 3)
    assert.equal(rowSize(TABLE), 19)
  })

  it('slices and copies all columns', () => {
    const columns = filled(10)
    const into = allocate(TABLE, 6)
    copyColumns(TABLE, columns, 4, 7, into, 2)
    const slice = sliceColumns(TABLE, into, 2, 5)
    for (const name of columnNames(TABLE)) {
      assert.deepEqual([...slice[name]], [...columns[name].subarray(4, 7)], name)
      assert.equal(slice[name].buffer, into[name].buffer)
      assert.deepEqual([into[name][1], into[name][5]], [0, 0], name)
    }
  })

  it('packs columns one after another, with alignment', () => {
    assert.deepEqual(packedOrder(TABLE), ['time', 'size', 'delta', 'name', 'kind'])
    const columns = filled(5)
    const bytes = new Uint8Array(5 * rowSize(TABLE))
    let at = 0
    for (const name of packedOrder(TABLE)) {
      bytes.set(new Uint8Array(columns[name].buffer), at)
      at += columns[name].byteLength
    }
    assert.deepEqual(unpackColumns(TABLE, bytes.buffer, 5), columns)
  })
})
