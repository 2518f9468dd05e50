import assert from 'node:assert/strict'
import type { ExchangeCounts } from '../../../src/shared/exchange.ts'
import type { ExchangeList, ExchangeMethods } from '../../../src/shared/protocol/exchanges.ts'
import { ExchangeStore } from '../../../webview/state/exchanges.ts'
import { States } from '../../../webview/state/timeline/spans.ts'

type Span = ExchangeMethods['exchanges']['params']

const COUNTS: ExchangeCounts = { from: 0, to: 1, counts: [], waiting: [] }

class Harness {
  readonly asked: Span[] = []
  readonly store: ExchangeStore
  paintings = 0
  #next: (() => void) | undefined

  constructor(counts: ExchangeCounts | null = null) {
    this.store = new ExchangeStore(
      async (span): Promise<ExchangeList> => {
        this.asked.push(span)
        const lanes = span.connections.map((connection) => ({
          connection,
          exchanges: [],
          counts,
          answers: [],
          answerCount: 0,
          figures: null,
          heartbeats: [],
        }))
        return { lanes, rows: [[1, 2]], isCurrent: true }
      },
      () => {
        this.paintings++
        this.#next?.()
      },
    )
  }

  /** Until the timeline is to be painted again. */
  painted(): Promise<void> {
    return new Promise((done) => {
      this.#next = done
    })
  }
}

const view = (from: number, to: number, live = false) => ({ from, to, live })

describe('requests in the view of the timeline', () => {
  it('are asked for once the view rests, not for each of its movements', async () => {
    const harness = new Harness()
    const { store, asked } = harness
    for (let i = 0; i <= 100; i++) store.show(view(i, 1000 + i), [1, 2])
    assert.equal(asked.length, 0)
    await harness.painted()
    assert.deepEqual(asked, [{ from: 0, to: 2100, connections: [1, 2] }])
  })

  it('are not asked for again while the view stays in what is known, unless they were counted', async () => {
    for (const [counts, calls] of [
      [null, 1],
      [COUNTS, 2],
    ] as const) {
      const harness = new Harness(counts)
      const { store, asked } = harness
      store.show(view(1000, 2000), [1])
      await harness.painted()
      store.show(view(1500, 2500), [1])
      if (calls === 2) await harness.painted()
      assert.equal(asked.length, calls)
      store.show(view(5000, 6000), [1])
      await harness.painted()
      assert.deepEqual(asked.at(-1), { from: 4000, to: 7000, connections: [1] })
    }
  })

  it('are asked for when more is decoded, one call at a time, and into the future while the view follows', async () => {
    const harness = new Harness()
    const { store, asked } = harness
    store.refresh()
    assert.equal(asked.length, 0, 'nothing is in view')
    store.show(view(0, 10_000, true), [1])
    await harness.painted()
    for (let i = 0; i < 20; i++) store.refresh()
    await harness.painted()
    assert.equal(asked.length, 2)
    assert.ok((asked[0]?.to ?? 0) > 1e12)
    assert.deepEqual([...store.rows.value], [[1, 2]])
  })

  it('keep what is folded, and ignore what cannot be that', () => {
    const { store } = new Harness()
    store.toggle(3)
    store.toggle(4)
    store.toggle(3)
    assert.deepEqual([...store.folded.value], [4])
    store.restore([7, 'x', null])
    assert.deepEqual([...store.folded.value], [7])
    store.restore('x')
    assert.deepEqual([...store.folded.value], [7])
  })
})

describe('the end of a connection', () => {
  it('is when it closes or waits after a time, else now', () => {
    const states = new States()
    states.enter('connecting', 0, 0)
    states.enter('open', 10, 1)
    states.enter('waiting', 100, 2)
    states.enter('connecting', 150, 3)
    states.enter('open', 160, 4)
    assert.deepEqual(
      [0, 50, 99, 120, 155, 500].map((time) => states.endAfter(time, 1000)),
      [100, 100, 100, 1000, 1000, 1000],
    )
  })
})
