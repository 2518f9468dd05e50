import assert from 'node:assert/strict'
import type { LaneLatency } from '../../../src/shared/protocol/latency.ts'
import { newStatus } from '../../../src/shared/status.ts'
import type { Scene } from '../../../webview/timeline/canvas/scene.ts'
import { draw } from '../../../webview/timeline/draw.ts'
import { latencyArea } from '../../../webview/timeline/layers/latency.ts'
import { eventOf, pickAt } from '../../../webview/timeline/layout/hit-test.ts'
import { layOut, xOf } from '../../../webview/timeline/layout/layout.ts'
import { Sketch, sceneOf } from './sketch.ts'

const SPAN = 10_000
const LATENCY: LaneLatency = {
  connection: 1,
  field: 'data.ts',
  events: 30,
  latency: { p50: 2, p95: 40, p99: 80, max: 80 },
  fastest: -120,
  roundTrip: null,
  buckets: [
    { from: 1000, to: 1020, min: 0, median: 2, max: 8 },
    { from: 5000, to: 5020, min: 40, median: 60, max: 80 },
  ],
}

function sceneWith(latency: LaneLatency | undefined, folded: readonly number[] = []): Scene {
  const status = { ...newStatus(1), transport: 'websocket' as const }
  return {
    ...sceneOf(['websocket'], SPAN, [
      { time: 0, type: 'connect' },
      { time: 1, type: 'open' },
    ]),
    layout: layOut(1358, [status], undefined, {
      rows: new Map(),
      folded: new Set(folded),
      latencies: new Set(latency === undefined ? [] : [1]),
    }),
    latency: () => latency,
  }
}

function laneOf({ layout }: Scene) {
  return layout.lanes[0] ?? assert.fail('the lane is laid out')
}

describe('the curve of delays', () => {
  it('has room below the traffic of a lane whose messages carry a time, unless it is folded', () => {
    const [plain, curved] = [laneOf(sceneWith(undefined)), laneOf(sceneWith(LATENCY))]
    assert.deepEqual([plain.latency, plain.canFold], [0, false])
    assert.ok(curved.latency > 0 && curved.canFold)
    assert.equal(curved.height, plain.height + curved.latency)
    const folded = laneOf(sceneWith(LATENCY, [1]))
    assert.deepEqual([folded.latency, folded.height, folded.canFold], [0, plain.height, true])
  })

  it('is painted at the times of the messages, higher for longer delays', () => {
    const scene = sceneWith(LATENCY)
    const sketch = new Sketch()
    draw(sketch, scene)
    const { top, floor } = latencyArea(laneOf(scene))
    const bars = sketch.painted.filter(
      ({ role, kind, alpha, top: from, bottom }) =>
        role === 'c1' && kind === 'fill' && alpha === 0.4 && from >= top && bottom <= floor,
    )
    assert.equal(bars.length, 2)
    for (const [i, { from, to }] of LATENCY.buckets.entries()) {
      const bar = bars[i] ?? assert.fail()
      assert.ok(Math.abs(bar.left - xOf(scene.layout, scene.view, from)) <= 1)
      assert.ok(bar.right >= xOf(scene.layout, scene.view, to) - 1)
    }
    const [low, high] = bars
    assert.ok(low && high && high.top < low.top)
    // The highest delay in view fills the height, and a tenth of it a tenth.
    assert.equal(high.top, top)
    assert.ok(Math.abs((floor - low.top) / (floor - high.top) - 0.1) < 0.01)
    assert.ok(
      sketch.painted.some(({ text }) => /^delivery p50 2\S* ms, p95 40\S* ms, p99 80\S* ms$/.test(text)),
    )
  })

  it('says what the delays at a point are', () => {
    const scene = sceneWith(LATENCY)
    const box = laneOf(scene)
    const { floor } = latencyArea(box)
    const picked = pickAt(scene, box, xOf(scene.layout, scene.view, 5010), floor - 4)
    assert.ok(picked?.kind === 'latency')
    assert.equal(picked.bucket, LATENCY.buckets[1])
    assert.equal(eventOf(picked), undefined)
    assert.equal(pickAt(scene, box, xOf(scene.layout, scene.view, 8000), floor - 4), undefined)
    assert.notEqual(pickAt(scene, box, xOf(scene.layout, scene.view, 5010), box.top + 4)?.kind, 'latency')
  })
})
