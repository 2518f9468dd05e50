import assert from 'node:assert/strict'
import { align, longestRising, UNPAIRED } from '../../../src/session/compare/align.ts'
import { seededRandom } from '../../support/splits.ts'

type Random = () => number

function sequence(random: Random, length: number, alphabet: number): Uint32Array {
  return Uint32Array.from({ length }, () => Math.floor(random() * alphabet))
}

/** The slow obvious algorithm: the length of a longest common subsequence. */
function longest(a: Uint32Array, b: Uint32Array): number {
  let before: number[] = new Array(b.length + 1).fill(0)
  for (const id of a) {
    const row = [0]
    for (let y = 0; y < b.length; y++)
      row.push(id === b[y] ? (before[y] ?? 0) + 1 : Math.max(before[y + 1] ?? 0, row[y] ?? 0))
    before = row
  }
  return before[b.length] ?? 0
}

/** Asserts that partners are equal and ascend. Returns their number. */
function pairs(a: Uint32Array, b: Uint32Array): number {
  let last = -1
  let count = 0
  for (const [x, y] of align(a, b).partners.entries()) {
    if (y === UNPAIRED) continue
    assert.ok(y > last && y < b.length, 'partners rise')
    assert.equal(a[x], b[y])
    last = y
    count++
  }
  return count
}

describe('sequence alignment', () => {
  it('finds a longest common subsequence of short sequences, as the slow algorithm does (seeded)', () => {
    const random = seededRandom(41)
    for (let round = 0; round < 4000; round++) {
      const alphabet = 1 + Math.floor(random() * 8)
      const a = sequence(random, Math.floor(random() * 40), alphabet)
      const b = sequence(random, Math.floor(random() * 40), alphabet)
      assert.equal(pairs(a, b), longest(a, b), `${a} with ${b}`)
    }
  })

  it('finds a longest one if two of a thousand elements differ in every possible way', () => {
    const random = seededRandom(42)
    for (let round = 0; round < 5; round++) {
      const a = sequence(random, 1000, 50)
      const b = a.filter(() => random() > 0.1).map((id) => (random() < 0.1 ? 51 : id))
      assert.equal(pairs(a, b), longest(a, b))
    }
  })

  it('says whether an alignment is a longest one for sure', () => {
    const random = seededRandom(44)
    const [a, b] = [sequence(random, 5000, 3), sequence(random, 5000, 3)]
    assert.equal(align(a, b).isLongest, false)
    assert.equal(align(a.subarray(0, 200), b.subarray(0, 200)).isLongest, true)
    assert.equal(align(a, a.slice()).isLongest, true)
    const others = b.map((id) => id + 3)
    assert.equal(align(a, others).isLongest, true)
  })

  const LENGTH = 100_000
  const random = seededRandom(43)
  const rising = Uint32Array.from({ length: LENGTH }, (_, index) => index)
  const halves = new Uint32Array(LENGTH)
  halves.set(rising.subarray(LENGTH / 2))
  halves.set(rising.subarray(0, LENGTH / 2), LENGTH / 2)
  const large: readonly (readonly [string, Uint32Array, Uint32Array, number])[] = [
    ['the same', rising, rising.slice(), LENGTH],
    ['with nothing in common', rising, rising.map((id) => id + LENGTH), 0],
    ['with three in ten changed', rising, rising.map((id) => (random() < 0.3 ? id + LENGTH : id)), 69_000],
    ['one of them backwards', rising, rising.slice().reverse(), 1],
    ['with their halves exchanged', rising, halves, LENGTH / 2],
    ['of two contents in any order', sequence(random, LENGTH, 2), sequence(random, LENGTH, 2), 75_000],
    [
      'of a thousand contents in any order',
      sequence(random, LENGTH, 1000),
      sequence(random, LENGTH, 1000),
      5000,
    ],
    ['of different periods', rising.map((id) => id % 7), rising.map((id) => id % 11), 50_000],
  ]
  for (const [what, a, b, least] of large)
    it(`ends with 100,000 elements a side: ${what}`, () => {
      assert.ok(pairs(a, b) >= least)
    })

  it('finds a longest ascending subsequence (seeded)', () => {
    for (let round = 0; round < 300; round++) {
      const values = Array.from({ length: Math.floor(random() * 30) }, () => Math.floor(random() * 1000))
      const run = longestRising(values).map((index) => values[index] ?? 0)
      assert.ok(run.every((value, index) => index === 0 || value > (run[index - 1] ?? 0)))
      const distinct = [...new Set(values)].sort((x, y) => x - y)
      assert.equal(run.length, longest(Uint32Array.from(values), Uint32Array.from(distinct)))
    }
  })
})
