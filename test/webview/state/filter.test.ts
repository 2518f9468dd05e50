import assert from 'node:assert/strict'
import { setImmediate as settled } from 'node:timers/promises'
import type { FilterMistake, Matches } from '../../../src/shared/protocol/filtering.ts'
import { FilterStore } from '../../../webview/state/filter.ts'

function matches(generation: number, first: number, indexes: number[], scanned: number): Matches {
  return { generation, first, indexes: Uint32Array.from(indexes), scanned }
}

const HELD = { first: 0, end: 100 }

function makeStore(answer: (text: string) => FilterMistake | null = () => null) {
  const runs: [string, number][] = []
  const stops: number[] = []
  const failures: unknown[] = []
  const store = new FilterStore(
    {
      filter: async (text, generation) => {
        runs.push([text, generation])
        return answer(text)
      },
      stop: (generation) => stops.push(generation),
    },
    (error) => failures.push(error),
  )
  const numbers = () => [...(store.result.value?.numbers.slice(0) ?? [])]
  return { store, runs, stops, failures, numbers }
}

describe('the filter as the page keeps it', () => {
  it('runs once typing pauses, and not for every key', async () => {
    const { store, runs } = makeStore()
    for (const text of ['d', 'di', 'dir:in']) store.type(text)
    assert.deepEqual(runs, [])
    assert.equal(store.text.value, 'dir:in')
    store.apply()
    assert.deepEqual(runs, [['dir:in', 1]])
    store.apply()
    assert.equal(runs.length, 1)
  })

  it('shows a new filter once it has results, and the one before until then', () => {
    const { store, numbers } = makeStore()
    const shown = () => store.result.value
    store.apply('one')
    assert.equal(shown(), undefined)
    store.take(matches(1, 0, [3, 5], 10), HELD)
    store.apply('two')
    assert.deepEqual(numbers(), [3, 5])
    store.take(matches(1, 2, [11], 20), HELD)
    assert.deepEqual(numbers(), [3, 5, 11])
    store.take(matches(2, 0, [], 50), HELD)
    assert.deepEqual(numbers(), [])
    assert.equal(shown()?.text, 'two')
    store.take(matches(1, 3, [60], 70), HELD)
    assert.deepEqual(numbers(), [])
  })

  it('knows when it has been through the session', () => {
    const { store } = makeStore()
    store.apply('one')
    store.take(matches(1, 0, [3], 99), HELD)
    assert.equal(store.result.value?.hasCaughtUp, false)
    assert.equal(store.result.value?.isComplete(100), false)
    store.take(matches(1, 1, [], 100), HELD)
    assert.equal(store.result.value?.hasCaughtUp, true)
    store.take(matches(1, 1, [], 100), { first: 0, end: 120 })
    assert.equal(store.result.value?.hasCaughtUp, true)
    assert.equal(store.result.value?.isComplete(120), false)
  })

  it('finds mistakes and their positions without the engine, and keeps the list', () => {
    const { store, runs, numbers } = makeStore()
    store.apply('one')
    store.take(matches(1, 0, [3], 100), HELD)
    store.apply('one "two')
    assert.deepEqual(store.mistake.value, {
      message: 'This phrase has no closing quote.',
      start: 4,
      end: 8,
      text: 'one "two',
    })
    assert.equal(runs.length, 1)
    assert.deepEqual(numbers(), [3])
    store.apply('one')
    assert.equal(store.mistake.value, undefined)
    assert.equal(runs.length, 1)
  })

  it('handles mistakes that only the engine finds in the same way', async () => {
    const mistake = { message: 'This is not a JSON path.', start: 0, end: 4 }
    const { store, numbers } = makeStore((text) => (text === '$[?]' ? mistake : null))
    store.apply('one')
    store.take(matches(1, 0, [3], 100), HELD)
    store.apply('$[?]')
    await settled()
    assert.equal(store.mistake.value?.message, mistake.message)
    assert.deepEqual(numbers(), [3])
    store.take(matches(1, 1, [4], 100), HELD)
    assert.deepEqual(numbers(), [3, 4])
  })

  it('keeps the list if an expression fails at once, and continues the filter before it', () => {
    const { store, runs, numbers } = makeStore()
    store.apply('one')
    store.take(matches(1, 0, [3], 100), HELD)
    store.apply('/(a+)+$/')
    store.take({ ...matches(2, 0, [], 0), mistake: { message: 'Stopped.', start: 0, end: 8 } }, HELD)
    assert.equal(store.mistake.value?.message, 'Stopped.')
    assert.deepEqual(numbers(), [3])
    assert.deepEqual(runs.at(-1), ['one', 3])
  })

  it('shows the matches found before an expression failed', () => {
    const { store, numbers } = makeStore()
    store.apply('/(a+)+$/')
    store.take(matches(1, 0, [3], 50), HELD)
    store.take({ ...matches(1, 1, [], 60), mistake: { message: 'Stopped.', start: 0, end: 8 } }, HELD)
    assert.deepEqual(numbers(), [3])
    assert.equal(store.result.value?.hasEnded, true)
    assert.equal(store.mistake.value?.message, 'Stopped.')
  })

  it('can be stopped, and run again', () => {
    const { store, runs, stops, numbers } = makeStore()
    store.apply('one')
    store.take(matches(1, 0, [3], 50), HELD)
    store.stop()
    store.stop()
    assert.deepEqual(stops, [1])
    assert.deepEqual(numbers(), [3])
    assert.equal(store.result.value?.isComplete(100), true)
    store.apply()
    assert.deepEqual(runs.at(-1), ['one', 2])
  })

  it('ends with an empty text, at once', () => {
    const { store, runs } = makeStore()
    store.apply('one')
    store.take(matches(1, 0, [3], 100), HELD)
    store.apply('')
    assert.equal(store.result.value, undefined)
    assert.deepEqual(runs.at(-1), ['', 2])
  })

  it('starts again if the engine repeats matches', () => {
    const { store, numbers } = makeStore()
    store.apply('one')
    store.take(matches(1, 0, [3, 5, 7], 100), HELD)
    const before = store.result.value
    store.take(matches(1, 0, [3, 5], 100), HELD)
    assert.deepEqual(numbers(), [3, 5])
    assert.notEqual(store.result.value, before)
  })

  it('drops matches of dropped events', () => {
    const { store, numbers } = makeStore()
    store.apply('one')
    store.take(matches(1, 0, [3, 5, 7], 100), HELD)
    store.take(matches(1, 3, [110], 120), { first: 6, end: 120 })
    assert.deepEqual(numbers(), [7, 110])
  })

  it('runs again after a reset, when there are events', () => {
    const { store, runs, numbers } = makeStore()
    store.apply('one')
    store.take(matches(1, 0, [3], 100), HELD)
    store.reset()
    assert.deepEqual(numbers(), [])
    assert.equal(runs.length, 1)
    store.awake()
    store.awake()
    assert.deepEqual(runs, [
      ['one', 1],
      ['one', 2],
    ])
    store.take(matches(2, 0, [0], 1), { first: 0, end: 1 })
    assert.deepEqual(numbers(), [0])
  })

  it('says why the engine could not be asked', async () => {
    const failures: unknown[] = []
    const store = new FilterStore({ filter: () => Promise.reject('gone'), stop: () => {} }, (error) =>
      failures.push(error),
    )
    store.apply('one')
    await settled()
    assert.deepEqual(failures, ['gone'])
  })
})
