import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { LatencyList, LatencyMethods } from '../../../src/shared/protocol/latency.ts'
import { LatencyStore } from '../../../webview/state/latency.ts'

type Span = LatencyMethods['latency']['params']

class Harness {
  readonly asked: Span[] = []
  readonly store: LatencyStore
  isCurrent = true
  #next: (() => void) | undefined

  constructor() {
    this.store = new LatencyStore(
      async (span): Promise<LatencyList> => {
        this.asked.push(span)
        const figures = { field: 'ts', events: 3, fastest: 1, roundTrip: null, buckets: [] }
        const latency = { p50: 1, p95: 2, p99: 2, max: 2 }
        return { lanes: [{ connection: 2, latency, ...figures }], isCurrent: this.isCurrent }
      },
      () => this.#next?.(),
    )
  }

  /** Until the timeline is to be painted again. */
  painted(): Promise<void> {
    return new Promise((done) => {
      this.#next = done
    })
  }
}

const shown = (from: number, to: number, connections: readonly number[], width: number) => () => ({
  ...{ connections, width },
  view: { from, to, live: false },
})

describe('delays in the view of the timeline', () => {
  it('are asked for once the view rests, with a column for each two pixels and as much on both sides', async () => {
    const { store, asked, painted } = bound(new Harness())
    for (let from = 0; from < 5; from++) store.show(shown(1000 + from, 2000 + from, [1, 2], 400))
    await painted()
    assert.deepEqual(asked, [{ from: 4, to: 3004, width: 600, connections: [1, 2] }])
    assert.deepEqual([...store.connections.value], [2])
    assert.equal(store.of(2)?.field, 'ts')
    assert.equal(store.of(1), undefined)
    // The same again is known.
    store.show(shown(1004, 2004, [1, 2], 400))
    store.show(shown(0, 100, [1, 2], 400))
    await painted()
    assert.equal(asked.length, 2)
    store.reset()
    assert.deepEqual([store.connections.value.size, store.of(2)], [0, undefined])
  })

  it('are asked for again while the engine has not read everything, and when more messages arrive', async () => {
    const harness = new Harness()
    const { store, asked, painted } = bound(harness)
    harness.isCurrent = false
    store.show(shown(0, 100, [2], 10))
    await painted()
    harness.isCurrent = true
    await painted()
    assert.equal(asked.length, 2)
    for (let batch = 0; batch < 10; batch++) store.awake()
    await painted()
    assert.equal(asked.length, 3)
    store.reset()
  })

  it('are not asked for while the timeline is not shown, and again when it is', async () => {
    const { store, asked, painted } = bound(new Harness())
    store.show(shown(0, 100, [2], 10))
    await painted()
    store.hide()
    store.awake()
    await wait(1200)
    assert.equal(asked.length, 1)
    store.show(shown(0, 100, [2], 10))
    await painted()
    assert.equal(asked.length, 2)
    store.reset()
  })
})

function bound(harness: Harness) {
  const { store, asked } = harness
  return { store, asked, painted: () => harness.painted() }
}
