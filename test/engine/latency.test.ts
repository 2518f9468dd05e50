/** How long messages took to arrive, as a live engine tells the page. */
import assert from 'node:assert/strict'
import type { LatencyList } from '../../src/shared/protocol/latency.ts'
import { LiveEngine } from '../support/live-engine.ts'
import { closeServers, serveHttp } from '../support/loopback.ts'
import { removeTempDirs } from '../support/temp-dir.ts'

/** Milliseconds by which the server's clock is ahead, and that one of its events is late. */
const AHEAD = 60_000
const LATE = 5000
const COUNT = 40
/** Number of the event that is late. */
const SLOW = 25

/** A server of events that carry the time of its clock. */
function serveEvents(): Promise<string> {
  return serveHttp((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    let count = 0
    const timer = setInterval(() => {
      const made = Date.now() + AHEAD - (count === SLOW ? LATE : 0)
      response.write(`data: ${JSON.stringify({ n: count * 7, data: { made, at: made - 3 * AHEAD } })}\n\n`)
      if (++count === COUNT) clearInterval(timer)
    }, 5)
    response.on('close', () => clearInterval(timer))
  })
}

describe('the latency of messages, in a live session', () => {
  let live: LiveEngine

  afterEach(async () => {
    await live.engine.handlers.shutdown(null)
    closeServers()
    removeTempDirs()
  })

  async function measured(more: object = {}): Promise<LatencyList['lanes'][number]> {
    live = new LiveEngine({ keepsUp: true })
    const url = await serveEvents()
    const { id } = await live.engine.handlers.connect({ spec: { url, transport: 'sse', ...more } })
    await live.until(() => (live.engine.status().connections[0]?.messagesIn ?? 0) >= COUNT)
    const { at = 0 } = live.engine.status()
    const { lanes, isCurrent } = await live.engine.handlers.latency({
      ...{ from: 0, to: Math.ceil(at), width: 100, connections: [id, 7] },
    })
    assert.ok(isCurrent)
    assert.equal(lanes.length, 1)
    return lanes[0] ?? assert.fail()
  }

  it('is that above the fastest, in the columns of the timeline, and says how far the clocks are apart', async () => {
    const { field, events, latency, fastest, roundTrip, buckets } = await measured()
    assert.match(field, /^data\.(?:made|at)$/)
    assert.equal(events, COUNT)
    const isLate = (value: number) => value > LATE / 2
    assert.deepEqual([latency.p50, latency.p95, latency.p99, latency.max].map(isLate), [
      false,
      false,
      true,
      true,
    ])
    // Of the event that is late, one column is high; it has the time of its arrival.
    const high = buckets.filter(({ max }) => isLate(max))
    assert.equal(high.length, 1)
    assert.ok(buckets.every(({ min, median, max }) => min >= 0 && min <= median && median <= max))
    assert.ok(buckets.some(({ min }) => min === 0))
    // The server's clock is ahead, so that events arrive before they were made.
    assert.ok(field === 'data.at' || (fastest < 0 && fastest > -AHEAD - LATE), String(fastest))
    assert.ok(roundTrip !== null && roundTrip > 0)
  })

  it('is measured by the field that the connection names', async () => {
    const { field, fastest } = await measured({ latencyField: '$.data.at' })
    assert.equal(field, '$.data.at')
    assert.ok(fastest > AHEAD, String(fastest))
  })
})
