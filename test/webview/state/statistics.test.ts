import assert from 'node:assert/strict'
import { setImmediate as settled } from 'node:timers/promises'
import type { PartStatistics, Selected } from '../../../src/shared/protocol/filtering.ts'
import { StatisticsStore } from '../../../webview/state/statistics.ts'

const PART: Selected = { generation: null, range: null, connection: 1, hidden: [], end: 10 }

function surveyOf(count: number): PartStatistics {
  return { count, messages: count, bytes: 0, from: 0, to: 0, gaps: null }
}

function makeStore() {
  const asked: { selected: Selected; answer: (statistics: PartStatistics | null) => void }[] = []
  const store = new StatisticsStore((selected) => new Promise((answer) => asked.push({ selected, answer })))
  return { store, asked }
}

describe('the statistics the page asks for', () => {
  it('are requested once for a part, one request at a time', async () => {
    const { store, asked } = makeStore()
    const current = () => store.current.value
    store.want(PART)
    store.want(PART)
    store.want({ ...PART, connection: 2 })
    store.want({ ...PART, connection: 3 })
    assert.equal(asked.length, 1)
    asked[0]?.answer(surveyOf(1))
    await settled()
    assert.deepEqual(
      asked.map(({ selected }) => selected.connection),
      [1, 3],
    )
    assert.equal(current(), undefined)
    asked[1]?.answer(surveyOf(3))
    await settled()
    assert.equal(current()?.statistics.count, 3)
  })

  it('are requested again after a while if the part has only grown', async () => {
    const { store, asked } = makeStore()
    store.want(PART)
    asked[0]?.answer(surveyOf(1))
    await settled()
    const again = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (asked.length < 2) return
        clearInterval(look)
        resolve()
      }, 5)
    })
    store.want({ ...PART, end: 11 })
    store.want({ ...PART, end: 12 })
    assert.equal(asked.length, 1)
    await again
    assert.equal(asked[1]?.selected.end, 12)
    store.want(undefined)
  })

  it('are undefined for the whole session, also with a request under way', async () => {
    const { store, asked } = makeStore()
    store.want(PART)
    store.want(undefined)
    asked[0]?.answer(surveyOf(1))
    await settled()
    assert.equal(store.current.value, undefined)
    assert.equal(asked.length, 1)
  })

  it('stay the same if a request fails', async () => {
    const { store, asked } = makeStore()
    store.want(PART)
    asked[0]?.answer(null)
    await settled()
    assert.equal(store.current.value, undefined)
    assert.equal(asked.length, 1)
  })
})
