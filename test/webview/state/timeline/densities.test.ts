import assert from 'node:assert/strict'
import { allocateColumns, packKind } from '../../../../src/shared/event-columns.ts'
import { ColumnStore } from '../../../../webview/state/events/column-store.ts'
import { Densities, gridOf, offsetOf, TICK } from '../../../../webview/state/timeline/densities.ts'
import { smooth } from '../../../../webview/state/timeline/density.ts'
import { TimelineModel } from '../../../../webview/state/timeline/model.ts'

const MESSAGE = packKind({
  type: 'message',
  direction: 'in',
})

class Session {
  readonly columns = new ColumnStore()
  readonly model = new TimelineModel()
  #time = 0
  #seed = 5

  /** Adds messages of three connections, nearly in order, `step` ms apart on average. */
  add(count: number, step: number): void {
    const batch = allocateColumns(this.columns.end, count)
    for (let i = 0; i < count; i++) {
      this.#time += (this.#random(2000) / 1000) * step
      batch.time[i] = Math.max(0, this.#time - (i % 5 === 0 ? 2 : 0))
      batch.kind[i] = MESSAGE
      batch.connection[i] = 1 + this.#random(3)
      batch.size[i] = this.#random(5000)
    }
    this.columns.append(batch)
    this.model.append(batch, () => '')
  }

  #random(below: number): number {
    this.#seed = (this.#seed * 16807) % 2147483647
    return this.#seed % below
  }
}

describe('densities from frame to frame', () => {
  for (const [name, span, step] of [
    ['from the events', 4000, 0.5],
    ['from the pyramid', 60_000, 8],
  ] as const)
    it(`are, following now ${name}, what a fresh look sums up`, () => {
      const session = new Session()
      const kept = new Densities()
      for (let frame = 0; frame < 200; frame++) {
        session.add(40, step)
        if (frame % 50 === 49) session.columns.dropBefore(session.columns.first + 100)
        const to = Math.max(span, session.model.end)
        const grid = gridOf({ from: to - span, to }, 300)
        const { columns, model } = session
        const held = kept.update(grid, model, columns, [1, 2, 3])
        assert.deepEqual(held, new Densities().update(grid, model, columns, [1, 2, 3]), `frame ${frame}`)
      }
    })

  it('follow the view wherever it goes', () => {
    const session = new Session()
    session.add(20_000, 0.5)
    const { columns, model } = session
    const kept = new Densities()
    for (const [from, to] of [
      [0, 900],
      [100, 1000],
      [150, 1050],
      [20, 920],
      [20, 8000],
      [500, 8480],
      [3000, 3900],
    ] as const) {
      const grid = gridOf({ from, to }, 300)
      assert.deepEqual(
        kept.update(grid, model, columns, [2, 3]),
        new Densities().update(grid, model, columns, [2, 3]),
      )
    }
    const grid = gridOf({ from: 3000, to: 3900 }, 300)
    assert.deepEqual([...kept.update(grid, model, columns, [1]).keys()], [1])
  })

  for (const [name, span, step] of [
    ['from the events', 4000, 0.5],
    ['from the pyramid', 60_000, 8],
  ] as const)
    it(`follow lanes that are scrolled while events come ${name}`, () => {
      const session = new Session()
      const kept = new Densities()
      const inView = [[1, 2], [2, 3], [3], [1, 2, 3], [1]]
      for (let frame = 0; frame < 100; frame++) {
        session.add(40, step)
        const to = Math.max(span, session.model.end) * (frame % 20 === 19 ? 0.9 : 1)
        const grid = gridOf({ from: to - span, to }, 300)
        const { columns, model } = session
        const lanes = inView[frame % inView.length] ?? []
        const held = kept.update(grid, model, columns, lanes)
        assert.deepEqual(held, new Densities().update(grid, model, columns, lanes), `frame ${frame}`)
      }
    })

  it('start with a new session', () => {
    const [first, second] = [new Session(), new Session()]
    first.add(1000, 0.5)
    second.add(10, 0.5)
    const grid = gridOf({ from: 0, to: 900 }, 300)
    const kept = new Densities()
    kept.update(grid, first.model, first.columns, [1])
    const held = kept.update(grid, second.model, second.columns, [1])
    assert.deepEqual(held, new Densities().update(grid, second.model, second.columns, [1]))
  })

  it('are on a grid that moves by whole pixels', () => {
    for (let from = 1000; from < 1010; from += 0.7) {
      const span = { from, to: from + 600 }
      const grid = gridOf(span, 300)
      assert.equal(grid.resolution, 2)
      const offset = offsetOf(grid, span)
      assert.ok(offset <= 0 && offset >= -TICK)
      assert.ok(
        grid.start * grid.resolution <= from && (grid.start + grid.width) * grid.resolution >= span.to,
      )
    }
  })
})

describe('smoothing', () => {
  it('keeps the sum of inner values, and stays within its reach', () => {
    const values = new Float64Array(100)
    values[50] = 81
    const curve = smooth(values, 8)
    assert.ok(Math.abs(curve.reduce((sum, value) => sum + value, 0) - 81) < 1e-9)
    assert.ok((curve[42] ?? 0) > 0 && curve[41] === 0)
    assert.ok((curve[58] ?? 0) > 0 && curve[59] === 0)
    assert.equal(Math.max(...curve), curve[50])
  })
})
