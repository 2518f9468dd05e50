/** Recordings that are as long and as large as files allow. */
import assert from 'node:assert/strict'
import { States } from '../../../webview/state/timeline/spans.ts'
import { show, showAll, type View, zoom } from '../../../webview/state/timeline/view.ts'
import { draw } from '../../../webview/timeline/draw.ts'
import { assertLinear } from '../../support/linear.ts'
import { Sketch, type Step, sceneOf } from './sketch.ts'

/** The latest time that is read from a file, in milliseconds. */
const LATEST = 8.64e15

describe('a timeline of a very long recording', () => {
  const steps: readonly Step[] = [
    ...([1, 2, 3] as const).map((connection): Step => ({ time: 0, type: 'connect', connection })),
    ...([1, 2, 3] as const).map((connection): Step => ({ time: 1, type: 'open', connection })),
    { time: 2, type: 'request', connection: 2 },
    { time: 3, type: 'error' },
    { time: 4, type: 'reconnect' },
    { time: LATEST / 2, type: 'connect' },
    { time: LATEST - 1, type: 'open' },
    { time: LATEST, type: 'response', connection: 2, eventName: '200' },
    ...([1, 2, 3] as const).map((connection): Step => ({ time: LATEST, connection, size: 4e9 })),
  ]
  const scene = sceneOf(['websocket', 'long-poll', 'http-stream'], LATEST, steps)
  const whole = showAll(LATEST)
  const views: readonly (readonly [string, View])[] = [
    ['as a whole', whole],
    ['at its beginning', show(0, 10, LATEST)],
    ['at its end', show(LATEST - 10, LATEST, LATEST)],
    ['zoomed in at its end', zoom(whole, 1e30, LATEST, LATEST)],
    ['zoomed in at its middle', zoom(whole, 1e30, LATEST / 2, LATEST)],
  ]
  for (const [where, view] of views)
    it(`is painted ${where}, with everything somewhere`, () => {
      const sketch = new Sketch()
      draw(sketch, { ...scene, view })
      const { painted } = sketch
      assert.ok(painted.length > 10 && painted.length < 1000, `${painted.length} shapes`)
      for (const { left, top, right, bottom } of painted)
        assert.ok([left, top, right, bottom].every(Number.isFinite), `${left} ${top} ${right} ${bottom}`)
    })

  it('can be zoomed in and out again everywhere', () => {
    for (const anchor of [0, LATEST / 3, LATEST]) {
      const near = zoom(whole, 1e30, anchor, LATEST)
      assert.ok(near.to > near.from, `${near.from} to ${near.to}`)
      const far = zoom(near, 1e-30, anchor, LATEST)
      assert.ok(far.to - far.from >= LATEST)
    }
  })

  it('finds the last wait with a loss in linear time', () => {
    assertLinear(
      'states',
      (size) => 'x'.repeat(size),
      ({ length }) => {
        const states = new States()
        for (let at = 0; at < length; at++) {
          states.enter(at % 2 === 0 ? 'open' : 'closed', at, at)
          states.lost(at)
        }
      },
      16_384,
    )
  })
})
