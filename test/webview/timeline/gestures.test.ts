import assert from 'node:assert/strict'
import { newStatus } from '../../../src/shared/status.ts'
import { TimelineStore } from '../../../webview/state/timeline/timeline.ts'
import { Gestures, type Press, type Stage, type Turn } from '../../../webview/timeline/gestures.ts'
import { brushOf, layOut, timeAt, xOf } from '../../../webview/timeline/layout/layout.ts'

const NOW = 100_000
const MOUSE: Press = { button: 0, shiftKey: false, pointerId: 1, pointerType: 'mouse' }
const finger = (pointerId: number): Press => ({ ...MOUSE, pointerId, pointerType: 'touch' })

/** A timeline of 100 seconds with two lanes and the time from 40 to 60 s in view. */
function setUp({ live = false, seek = false, noteAt = -1, height = 500 } = {}) {
  const store = new TimelineStore()
  store.view.value = live ? { from: 80_000, to: NOW, live } : { from: 40_000, to: 60_000, live }
  const layout = layOut(
    1358,
    [
      { ...newStatus(1), transport: 'websocket' },
      { ...newStatus(2), transport: 'sse' },
    ],
    { most: 500, height, scroll: 0 },
  )
  const stage = (): Stage => ({ layout, now: NOW, whole: { from: 0, to: NOW }, view: store.viewAt(NOW) })
  const done: string[] = []
  const gestures = new Gestures({
    store,
    stage,
    pick: (x) => done.push(`pick ${Math.round(timeAt(layout, store.view.value, x))}`),
    isMark: (x) => x === noteAt,
    seek: seek ? (time) => done.push(`seek ${Math.round(time)}`) : undefined,
    choose: (connection) => done.push(`choose ${connection}`),
    fold: (connection) => done.push(`fold ${connection}`),
  })
  const whole = { from: 0, to: NOW }
  return {
    store,
    gestures,
    layout,
    done,
    /** The position of a time in the lanes and in the overview. */
    x: (time: number) => xOf(layout, store.view.value, time),
    overview: (time: number) => xOf(layout, whole, time),
    brush: () => brushOf(layout, store.view.value, whole),
    lane: layout.lanesTop + 20,
    axis: layout.axisTop + 5,
    view: () => [store.view.value.from, store.view.value.to].map((time) => Math.round(time / 100) * 100),
  }
}

function drag(gestures: Gestures, y: number, from: number, ...to: number[]): void {
  gestures.press(MOUSE, from, y)
  for (const x of to) gestures.drag(MOUSE, x)
  gestures.release(MOUSE, to.at(-1) ?? from, y)
}

describe('gestures on the timeline', () => {
  it('drag the edges of the brush, past each other too', () => {
    const { gestures, brush, overview, view } = setUp()
    drag(gestures, 15, brush().left, overview(45_000), overview(20_000))
    assert.deepEqual(view(), [20_000, 60_000])
    drag(gestures, 15, brush().left + brush().width, overview(50_000), overview(30_000))
    assert.deepEqual(view(), [20_000, 30_000])
    drag(gestures, 15, brush().left + brush().width - 1, overview(22_000), overview(10_000))
    assert.deepEqual(view(), [10_000, 20_000])
  })

  it('move the brush by its middle, and draw a new one elsewhere', () => {
    const { gestures, overview, view } = setUp()
    drag(gestures, 15, overview(50_000), overview(60_000), overview(70_000))
    assert.deepEqual(view(), [60_000, 80_000])
    drag(gestures, 15, overview(5000), overview(10_000), overview(15_000))
    assert.deepEqual(view(), [5000, 15_000])
  })

  it('keep the edges of the brush if they are pressed but not dragged', () => {
    const { gestures, brush, view } = setUp()
    drag(gestures, 15, brush().left)
    assert.deepEqual(view(), [40_000, 60_000])
  })

  it('extend a live view by its left edge, and it stays live', () => {
    const { gestures, store, brush, overview, view } = setUp({ live: true })
    drag(gestures, 15, brush().left, overview(60_000), overview(50_000))
    assert.deepEqual(view(), [50_000, 100_000])
    assert.equal(store.view.value.live, true)
    drag(gestures, 15, brush().left + brush().width, overview(90_000))
    assert.equal(store.view.value.live, false)
  })

  it('select a range, which Escape or a lost pointer cancels during the drag', () => {
    const { gestures, store, lane, x } = setUp()
    drag(gestures, lane, x(42_000), x(43_000), x(45_000))
    const { from, to } = store.range.value ?? assert.fail('there is a range')
    assert.deepEqual([Math.round(from), Math.round(to)], [42_000, 45_000])
    const before = store.range.value
    for (const stop of [() => gestures.key('Escape'), () => gestures.cancel()]) {
      gestures.press(MOUSE, x(50_000), lane)
      gestures.drag(MOUSE, x(55_000))
      assert.notDeepEqual(store.range.value, before)
      stop()
      assert.deepEqual(store.range.value, before)
      gestures.drag(MOUSE, x(58_000))
      assert.deepEqual(store.range.value, before)
    }
  })

  it('select what is clicked, and ignore the right button', () => {
    const { gestures, store, lane, x, done } = setUp()
    drag(gestures, lane, x(50_000))
    assert.deepEqual(done, ['pick 50000'])
    store.range.value = { from: 1, to: 2 }
    assert.equal(gestures.press({ ...MOUSE, button: 2 }, x(45_000), lane), false)
    gestures.release(MOUSE, x(45_000), lane)
    assert.equal(gestures.press({ ...MOUSE, button: 2 }, 20, lane), false)
    assert.deepEqual(done, ['pick 50000'])
    assert.deepEqual(store.range.value, { from: 1, to: 2 })
    gestures.press(MOUSE, 20, lane)
    assert.deepEqual(done, ['pick 50000', 'choose 1'])
  })

  it('select a note that is clicked, in a recording too, and seek beside it', () => {
    const { gestures, axis, x, done } = setUp({ seek: true, noteAt: 700 })
    drag(gestures, axis, 700)
    assert.match(done.join(), /^pick \d+$/)
    drag(gestures, axis, x(41_000))
    assert.equal(done.at(-1), 'seek 41000')
  })

  it('zoom and move with two fingers, which keep their times', () => {
    const { gestures, store, lane, layout, x, done } = setUp()
    const [a, b] = [x(45_000), x(55_000)]
    gestures.press(finger(1), a, lane)
    gestures.drag(finger(1), a + 10)
    gestures.press(finger(2), b, lane)
    assert.equal(store.range.value, undefined)
    const [at, bt] = [timeAt(layout, store.view.value, a + 10), timeAt(layout, store.view.value, b)]
    gestures.drag(finger(1), a - 200)
    gestures.drag(finger(2), b + 100)
    assert.ok(Math.abs(timeAt(layout, store.view.value, a - 200) - at) < 1)
    assert.ok(Math.abs(timeAt(layout, store.view.value, b + 100) - bt) < 1)
    assert.ok(store.view.value.to - store.view.value.from < 15_000)
    gestures.release(finger(1), a - 200, lane)
    gestures.release(finger(2), b + 100, lane)
    assert.deepEqual(done, [])
    assert.equal(store.range.value, undefined)
  })

  it('zoom with the wheel, pan with Shift or sideways, and scroll lanes over the names', () => {
    const { gestures, store, x, layout } = setUp()
    let prevented = 0
    const turn = (part: Partial<Turn>): Turn => ({
      ...{ deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, shiftKey: false },
      preventDefault: () => prevented++,
      ...part,
    })
    const span = () => store.view.value.to - store.view.value.from
    gestures.wheel(turn({ deltaY: -100 }), x(50_000))
    assert.ok(span() < 20_000 && Math.abs(timeAt(layout, store.view.value, x(50_000)) - 50_000) < 1)
    const zoomed = span()
    gestures.wheel(turn({ deltaY: 3, deltaMode: 1 }), x(50_000))
    assert.ok(span() > zoomed)
    const { from } = store.view.value
    gestures.wheel(turn({ deltaY: 100, shiftKey: true }), x(50_000))
    gestures.wheel(turn({ deltaX: 100, deltaY: 2 }), x(50_000))
    assert.ok(store.view.value.from > from)
    assert.equal(prevented, 4)
    gestures.wheel(turn({ deltaY: 100 }), 20)
    assert.equal(prevented, 5)
    const low = setUp({ height: 80 })
    low.gestures.wheel(turn({ deltaY: 100 }), 20)
    assert.equal(prevented, 5)
    assert.deepEqual(low.view(), [40_000, 60_000])
  })

  it('select the visible range with R, lower or upper case', () => {
    for (const key of ['r', 'R']) {
      const { gestures, store } = setUp()
      assert.ok(gestures.key(key))
      assert.deepEqual(store.range.value, { from: 40_000, to: 60_000 })
    }
  })

  it('show with the cursor what a press would do', () => {
    const { gestures, brush, overview, lane, axis, x } = setUp({ noteAt: 700 })
    assert.equal(gestures.cursor(20, lane), 'pointer')
    assert.equal(gestures.cursor(700, axis), 'pointer')
    assert.equal(gestures.cursor(brush().left, 15), 'ew-resize')
    assert.equal(gestures.cursor(overview(50_000), 15), 'grab')
    assert.equal(gestures.cursor(overview(90_000), 15), 'crosshair')
    assert.equal(gestures.cursor(x(50_000), lane), 'crosshair')
    assert.equal(setUp({ seek: true }).gestures.cursor(800, axis), 'ew-resize')
  })
})
