import assert from 'node:assert/strict'
import { PayloadFields, valueAt } from '../../src/diagnose/payload-fields.ts'

const STARTED = Date.parse('2026-11-30T04:00:00Z')

/** What is found in payloads that arrive 100 ms apart. */
function fieldsOf(
  payload: (index: number) => unknown,
  { count = 100, isStartKnown = true, every = 100 } = {},
) {
  const fields = new PayloadFields({ startedAt: isStartKnown ? STARTED : undefined })
  for (let index = 0; index < count; index++) fields.add(payload(index), index * every)
  return fields
}

describe('the fields of payloads', () => {
  it('include the counter that rises by one, at any depth', () => {
    const { counter } = fieldsOf((index) => ({
      price: 100 + (index % 7),
      noise: Math.sin(index),
      meta: { seq: 41 + index },
    }))
    assert.deepEqual([counter?.name, counter?.steps, counter?.ones, counter?.share], ['meta.seq', 99, 99, 1])
    assert.equal(fieldsOf((index) => ['tick', { n: String(index) }]).counter?.name, '1.n')
  })

  it('say how often a counter jumps, repeats and falls', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 14, 12, 13, 14, 15, 16, 17]
    const { counter } = fieldsOf((index) => ({ seq: values[index] }), { count: values.length })
    assert.deepEqual([counter?.ones, counter?.jumps, counter?.repeats, counter?.falls], [15, 1, 1, 1])
  })

  it('do not include as counter what only rises', () => {
    assert.equal(
      fieldsOf((index) => ({ total: index * 10, t: Math.floor(STARTED / 1000) + index })).counter,
      undefined,
    )
    assert.equal(fieldsOf((index) => ({ seq: index % 2 === 0 ? index : 'none' })).counter, undefined)
  })

  for (const [unit, time] of [
    ['s', (ms: number) => ms / 1000],
    ['ms', (ms: number) => ms],
    ['µs', (ms: number) => ms * 1000],
    ['ns', (ms: number) => ms * 1e6],
    ['ms', (ms: number) => String(ms)],
    ['ISO 8601', (ms: number) => new Date(ms).toISOString()],
    ['ISO 8601', (ms: number) => new Date(ms).toISOString().slice(0, -1).replace('T', ' ')],
  ] as const)
    it(`include the time in ${unit} such as ${time(STARTED)}, with its delay`, () => {
      // The clock of the server is 250 ms behind, and delays are from 0 to 9 ms.
      const payload = (index: number) => ({ at: time(STARTED + index * 100 - 250 - (index % 10)) })
      for (const isStartKnown of [true, false]) {
        const { clock, counter } = fieldsOf(payload, { isStartKnown })
        assert.equal(counter, undefined)
        assert.deepEqual([clock?.name, clock?.unit], ['at', unit])
        assert.ok(Math.abs((clock?.most ?? 0) - (clock?.least ?? 0) - 9) < 0.01)
        assert.ok(Math.abs(STARTED + (clock?.least ?? 0) - 250) < 0.01)
      }
    })

  it('include the time that is closest to the arrivals, if there are several', () => {
    const { clock } = fieldsOf((index) => ({
      traded: STARTED + index * 100 - ((index * 7919) % 5000),
      sent: STARTED + index * 100 - 3,
    }))
    assert.equal(clock?.name, 'sent')
  })

  it('do not include as time what does not run like a clock', () => {
    const snowflake = (index: number) => (STARTED - 1_288_834_974_657 + index * 100) * 2 ** 22
    assert.equal(fieldsOf((index) => ({ id: snowflake(index) }), { isStartKnown: false }).clock, undefined)
    assert.equal(fieldsOf((index) => ({ id: snowflake(index) }), { every: 0 }).clock, undefined)
    // Dates of birth, the start of the server, and history that is read as fast as it comes.
    assert.equal(fieldsOf((index) => ({ born: `19${10 + (index % 80)}-05-12T00:00:00Z` })).clock, undefined)
    assert.equal(fieldsOf(() => ({ up: STARTED })).clock, undefined)
    assert.equal(fieldsOf((index) => ({ t: STARTED - 3_600_000 + index * 1000 })).clock, undefined)
  })

  it('know a time though all payloads come at once, if the start of the session is known', () => {
    const payload = (index: number) => ({ t: STARTED + index * 1000 })
    assert.equal(fieldsOf(payload, { every: 0 }).clock?.name, 't')
    assert.equal(fieldsOf(payload, { every: 0, isStartKnown: false }).clock, undefined)
  })

  it('are looked for in a bounded part of a payload', () => {
    const wide = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`k${index}`, index]))
    const deep = (index: number) => ({ a: { b: { c: { d: { seq: index } } } } })
    assert.equal(fieldsOf((index) => ({ ...deep(index), ...wide }), { count: 20 }).counter, undefined)
    assert.equal(fieldsOf((index) => ({ [`k${index}`]: index }), { count: 10_000 }).counter, undefined)
    for (const odd of [null, 1, 'text', undefined, [], [[[]]], { __proto__: 1, constructor: 2 }])
      assert.equal(fieldsOf(() => odd).counter, undefined)
  })

  it('are still found if other payloads come first', () => {
    const { counter } = fieldsOf(
      (index) => (index < 200 ? { type: 'hello', n: index % 3 } : { seq: index }),
      {
        count: 500,
      },
    )
    assert.equal(counter?.name, 'seq')
  })

  it('have values at their places', () => {
    assert.equal(valueAt({ data: [{ seq: 7 }] }, 'data.0.seq'), 7)
    assert.equal(valueAt({ data: 1 }, 'data.seq'), undefined)
    assert.equal(valueAt({}, 'constructor'), undefined)
  })
})
