import assert from 'node:assert/strict'
import { NumberList } from '../../src/shared/number-list.ts'

function filled(count: number): NumberList {
  const list = new NumberList()
  for (let i = 0; i < count; i++) list.push(i * 3)
  return list
}

describe('a list of event numbers', () => {
  it('returns values by position, across pages', () => {
    const list = filled(40_000)
    assert.equal(list.length, 40_000)
    for (const position of [0, 1, 16_383, 16_384, 39_999]) assert.equal(list.at(position), position * 3)
    assert.equal(list.at(40_000), -1)
    assert.deepEqual([...list.slice(16_382, 16_386)], [49_146, 49_149, 49_152, 49_155])
  })

  it('finds the first value that is not below another', () => {
    const list = filled(40_000)
    for (const [value, position] of [
      [0, 0],
      [1, 1],
      [3, 1],
      [49_150, 16_384],
      [1e9, 40_000],
    ] as const)
      assert.equal(list.positionOf(value), position)
  })

  it('keeps positions when the oldest values are dropped', () => {
    const list = filled(40_000)
    list.dropBefore(100_000)
    assert.equal(list.first, 33_334)
    assert.equal(list.at(33_333), -1)
    assert.equal(list.at(33_334), 100_002)
    assert.deepEqual([...list.slice(0, 33_336)], [100_002, 100_005])
    list.push(500_000)
    assert.equal(list.at(40_000), 500_000)
  })

  it('can be dropped completely and continue', () => {
    const list = filled(20)
    list.dropBefore(1e6)
    assert.equal(list.first, list.length)
    list.push(1e6)
    assert.deepEqual([...list.slice(0)], [1e6])
  })
})
