import assert from 'node:assert/strict'
import type { ConnectionStatus } from '../../../../src/shared/status.ts'
import { stepFor, ticks } from '../../../../src/shared/ticks.ts'
import { formatTick } from '../../../../webview/format/time.ts'
import * as view from '../../../../webview/state/timeline/view.ts'
import {
  hasSameLane,
  hit,
  layOut,
  layOutStack,
  scrollTo,
  stackLanes,
  tickHeight,
  timeAt,
  xOf,
} from '../../../../webview/timeline/layout/layout.ts'

const NOW = 100_000

describe('the timeline’s view', () => {
  it('follows now while it is live, keeping its span', () => {
    assert.deepEqual(view.follow(view.FIRST_VIEW, 4000), { from: 0, to: 10_000, live: true })
    assert.deepEqual(view.follow(view.FIRST_VIEW, NOW), { from: 90_000, to: NOW, live: true })
  })

  it('keeps the time under the pointer when it is zoomed', () => {
    const before = { from: 20_000, to: 40_000, live: false }
    const after = view.zoom(before, 4, 25_000, NOW)
    assert.deepEqual(after, { from: 23_750, to: 28_750, live: false })
  })

  it('stays live when it is zoomed', () => {
    const after = view.zoom(view.follow(view.FIRST_VIEW, NOW), 2, 91_000, NOW)
    assert.deepEqual(after, { from: 95_000, to: NOW, live: true })
  })

  it('is never too short to show nor longer than the session', () => {
    let near: view.View = { from: 10, to: 20, live: false }
    let far = near
    for (let i = 0; i < 100; i++) {
      near = view.zoom(near, 3, 15, NOW)
      far = view.zoom(far, 1 / 3, 15, NOW)
    }
    assert.ok(near.to - near.from >= view.SHORTEST * 0.999 && near.from <= 15 && near.to >= 15)
    assert.ok(far.to - far.from <= NOW * 1.03 && far.from < 1e-6)
  })

  it('stops following when it is moved back, and starts again on request', () => {
    const live = view.follow(view.FIRST_VIEW, NOW)
    const back = view.pan(live, -5000, NOW)
    assert.deepEqual(back, { from: 85_000, to: 95_000, live: false })
    assert.deepEqual(view.goLive(back, NOW), live)
  })

  it('never leaves the session', () => {
    assert.equal(view.pan({ from: 10, to: 20, live: false }, -1000, NOW).from, 0)
    assert.ok(view.pan({ from: 10, to: 20, live: false }, 1e9, NOW).from <= NOW)
  })

  it('shows a range with its ends in any order, and moves to reveal a time only if needed', () => {
    assert.deepEqual(view.show(300, 100, NOW), { from: 100, to: 300, live: false })
    const shown = { from: 0, to: 1000, live: false }
    assert.equal(view.reveal(shown, 500, NOW), shown)
    assert.deepEqual(view.reveal(shown, 5000, NOW), { from: 4500, to: 5500, live: false })
  })
})

describe('the time axis', () => {
  it('has round ticks that can be read', () => {
    for (const span of [0.1, 7, 90, 1500, 60_000, 5_000_000, 1e9]) {
      const step = stepFor(span, 1000, 80)
      const marks = ticks(123.4, 123.4 + span, step)
      assert.ok((step / span) * 1000 >= 80 * 0.999, `marks of ${span} ms are apart`)
      assert.ok(marks.length <= 13)
      assert.ok(marks.every((mark) => mark >= 123.4 && mark <= 123.4 + span))
      assert.equal(
        new Set(marks.map((mark) => formatTick(mark, step))).size,
        marks.length,
        `labels of ${span} ms differ`,
      )
    }
  })

  it('is written as minutes and seconds, with the digits the step needs', () => {
    assert.equal(formatTick(125_000, 1000), '02:05')
    assert.equal(formatTick(125_100, 100), '02:05.1')
    assert.equal(formatTick(125_000.25, 0.01), '02:05.00025')
    assert.equal(formatTick(3_725_000, 60_000), '1:02:05')
  })
})

describe('the layout', () => {
  const status = (id: number, transport: ConnectionStatus['transport']) =>
    ({ id, transport }) as ConnectionStatus
  const layout = layOut(1200, [status(1, 'websocket'), status(2, 'long-poll'), status(3, 'http-stream')])
  const shown = { from: 1000, to: 3000, live: false }

  it('gives each transport its shape, with lanes one below the other', () => {
    assert.deepEqual(
      layout.lanes.map(({ shape }) => shape),
      ['ticks', 'cycles', 'area'],
    )
    layout.lanes.forEach((lane, i) => {
      const above = layout.lanes[i - 1]
      assert.equal(lane.top, above === undefined ? layout.lanesTop : above.top + above.height)
    })
  })

  describe('of many lanes', () => {
    const many = Array.from({ length: 40 }, (_, i) => status(i + 1, i % 2 === 0 ? 'websocket' : 'poll'))

    it('makes them lower before it scrolls them, but never too low to read', () => {
      const some = layOut(1200, many.slice(0, 8), { most: 360, height: 360, scroll: 0 })
      assert.equal(some.lanes.length, 8)
      assert.ok(some.whole <= 360 && some.whole > 340, String(some.whole))
      const { lanes, whole } = layOut(1200, many, { most: 360, height: 360, scroll: 0 })
      assert.ok(lanes.every(({ height }) => height === 32))
      assert.ok(whole > 40 * 32)
      const few = layOut(1200, many.slice(0, 2), { most: 360, height: 360, scroll: 0 })
      assert.deepEqual(few, layOut(1200, many.slice(0, 2)))
    })

    it('has only those in view, below the parts that do not scroll', () => {
      const { lanes, height, lanesTop } = layOut(1200, many, { most: 360, height: 200, scroll: 330 })
      assert.equal(height, 200)
      assert.deepEqual(
        lanes.map(({ connection }) => connection),
        [11, 12, 13, 14, 15],
      )
      assert.equal(lanes[0]?.top, lanesTop - 10)
      assert.ok((lanes[0]?.base ?? 0) > (lanes[0]?.top ?? 0))
    })

    it('says how far to scroll for one that is out of view', () => {
      const room = { most: 360, height: 200, scroll: 330 }
      assert.equal(scrollTo(13, stackLanes(1200, many, room), room), 330)
      assert.equal(scrollTo(3, stackLanes(1200, many, room), room), 64)
      const at = scrollTo(30, stackLanes(1200, many, room), room)
      const seen = layOut(1200, many, { ...room, scroll: at }).lanes.at(-1)
      assert.equal(seen?.connection, 30)
      assert.equal((seen?.top ?? 0) + (seen?.height ?? 0), 200)
      assert.equal(scrollTo(99, stackLanes(1200, many, room), room), 330)
    })

    it('finds those in view of 5,000, wherever they are scrolled to', () => {
      const crowd = Array.from({ length: 5000 }, (_, i) => status(i + 1, i % 3 === 0 ? 'poll' : 'websocket'))
      const room = { most: 360, height: 300, scroll: 0 }
      const rows = new Map([
        [7, 2],
        [4000, 3],
      ])
      const stack = stackLanes(1200, crowd, room, { rows, folded: new Set() })
      const last = layOutStack(stack, 1200, room).whole - room.height
      for (const scroll of [0, 1, 31, 32, 33, 5000, 127_999, 128_000, last - 1, last]) {
        const { lanes, height, lanesTop } = layOutStack(stack, 1200, { ...room, scroll })
        const expected = stack.lanes.filter(
          (lane) => lane.top - scroll < height && lane.top + lane.height - scroll > lanesTop,
        )
        assert.deepEqual(
          lanes.map(({ connection, top }) => [connection, top]),
          expected.map(({ connection, top }) => [connection, top - scroll]),
        )
        assert.ok(lanes.length < 12)
      }
    })

    it('stay as they are while only traffic changes', () => {
      const one = {
        id: 1,
        transport: 'sse',
        state: 'closed',
        openedAt: 5,
        messagesIn: 0,
        messagesOut: 0,
      } as const
      assert.ok(hasSameLane(one, { ...one, messagesIn: 9, state: 'open' }))
      assert.ok(!hasSameLane(one, { ...one, openedAt: undefined }))
      assert.ok(!hasSameLane(one, { ...one, transport: 'poll' }))
      assert.ok(!hasSameLane(one, { ...one, id: 2 }))
    })
  })

  it('converts times to positions and back', () => {
    assert.equal(xOf(layout, shown, 1000), layout.left)
    assert.ok(Math.abs(timeAt(layout, shown, xOf(layout, shown, 2345)) - 2345) < 1e-6)
  })

  it('knows the part at a point', () => {
    const second = layout.lanes[1] ?? assert.fail('there is a second lane')
    assert.deepEqual(hit(layout, shown, { from: 0, to: 10_000 }, layout.left, 10), {
      area: 'overview',
      time: 0,
    })
    assert.equal(hit(layout, shown, { from: 0, to: 10_000 }, 10, second.top + 3)?.area, 'name')
    const inLane = hit(
      layout,
      shown,
      { from: 0, to: 10_000 },
      layout.left + layout.plotWidth / 2,
      second.top + 3,
    )
    assert.ok(inLane?.area === 'lane' && inLane.lane === second && Math.abs(inLane.time - 2000) < 1e-6)
    assert.equal(hit(layout, shown, { from: 0, to: 10_000 }, 300, 5000), undefined)
  })

  it('gives a tick the logarithm of its size as height, and keeps it visible', () => {
    assert.equal(tickHeight(0, 0, 1000, 20), 5)
    assert.equal(tickHeight(1000, 0, 1000, 20), 20)
    assert.ok(tickHeight(30, 0, 1000, 20) > 10)
  })

  it('distinguishes similar sizes in a lane without exaggeration', () => {
    const heights = [120, 400, 16_800].map((size) => tickHeight(size, 120, 16_800, 20))
    assert.deepEqual(
      heights.map((height) => Math.round(height)),
      [5, 9, 20],
    )
    assert.ok(tickHeight(110, 100, 110, 20) < 8)
  })
})
