import assert from 'node:assert/strict'
import {
  backward,
  connectionOf,
  forward,
  requireKept,
} from '../../../src/engine/payload/connection-events.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { Filled } from './support.ts'

/** More than are copied at once. */
const EVENTS = 9000

describe('the events of one connection', () => {
  let filled: Filled
  before(() => {
    filled = new Filled()
    for (let n = 0; n < EVENTS; n++) filled.message(`${n}`, 'in', 1 + (n % 7 === 3 ? 1 : 0))
  })
  after(() => {
    filled.capture.close()
    removeTempDirs()
  })

  const numbers = Array.from({ length: EVENTS }, (_, n) => n)
  const of = (connection: number) => numbers.filter((n) => (n % 7 === 3 ? 2 : 1) === connection)

  it('are iterated forward from any event, within the limit', () => {
    for (const connection of [1, 2, 3])
      for (const [from, most] of [
        [0, Number.POSITIVE_INFINITY],
        [3, 1],
        [900, 5000],
        [8990, 100],
        [EVENTS, 5],
      ] as const) {
        const expected = of(connection).filter((n) => n >= from && n < from + most)
        const found = [...forward(filled.capture, connection, from, most)]
        assert.deepEqual(
          found.map(({ index }) => index),
          expected,
        )
        assert.deepEqual(
          found.map(({ time }) => time),
          expected.map((n) => 10 * (n + 1)),
        )
      }
  })

  it('are iterated backward from any event, the nearest first', () => {
    for (const connection of [1, 2, 3])
      for (const [before, most] of [
        [EVENTS, Number.POSITIVE_INFINITY],
        [8200, 5000],
        [4097, 4097],
        [4, 1],
        [0, 5],
      ] as const) {
        const expected = of(connection).filter((n) => n < before && n >= before - most)
        assert.deepEqual(
          [...backward(filled.capture, connection, before, most)].map(({ index }) => index),
          expected.reverse(),
        )
      }
  })

  it('are rejected for an event that does not exist', () => {
    assert.equal(connectionOf(filled.capture, 3), 2)
    for (const index of [-1, EVENTS])
      assert.throws(() => requireKept(filled.capture, index), {
        code: 'NO_EVENT',
        message: `Event ${index + 1} does not exist; it may have been dropped or cleared.`,
      })
    requireKept(filled.capture, EVENTS - 1)
  })
})
