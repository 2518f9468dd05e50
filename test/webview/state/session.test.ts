import assert from 'node:assert/strict'
import { allocateColumns } from '../../../src/shared/event-columns.ts'
import { newStatus, type SessionStatus } from '../../../src/shared/status.ts'
import { SessionStore } from '../../../webview/state/session.ts'

const QUIET: SessionStatus = {
  startedAt: '2026-11-23T05:00:00.000Z',
  events: 0,
  firstKept: 0,
  firstPayload: 0,
  spoolBytes: 0,
  connections: [],
  unsaved: 0,
}
const LIVE = [{ ...newStatus(1), state: 'open' as const }]
const file = {
  problems: [],
  problemCount: 0,
  replay: { start: 0, end: 9000, position: 500, speed: 4, playing: true, loop: false },
}

describe('the session as the page keeps it', () => {
  const { now } = performance
  let time = 1000
  let frames: (() => void)[]
  let session: SessionStore

  beforeEach(() => {
    performance.now = () => time
    frames = []
    session = new SessionStore((callback) => frames.push(callback))
  })
  afterEach(() => {
    performance.now = now
  })

  it('has a clock that runs on from the host’s time at the host’s speed', () => {
    session.setStatus({ ...QUIET, at: 500, connections: LIVE })
    assert.equal(session.now(), 500)
    time += 250
    assert.equal(session.now(), 750)
    session.setStatus({ ...QUIET, at: 800, pace: 4 })
    time += 100
    assert.equal(session.now(), 1200)
    session.setStatus({ ...QUIET, at: 800, pace: 0 })
    time += 100
    assert.equal(session.now(), 800)
  })

  it('finds a connection by its number, and keeps what was expected while traffic comes', () => {
    const expectations = [{ state: 'held', time: 3, text: 'expect' }] as never
    const connections = [4, 2].map((id) => ({ ...newStatus(id), ...(id === 2 && { expectations }) }))
    session.setStatus({ ...QUIET, connections })
    assert.equal(session.connection(2), connections[1])
    assert.equal(session.connection(3), undefined)
    assert.equal(session.connection(undefined), undefined)
    const { connections: _, ...facts } = QUIET
    const traffic = Float64Array.of(2, 7, 0, 70, 0, 7)
    session.setStatus({ ...facts, changes: { connections: [], traffic } })
    assert.equal(session.connection(2)?.messagesIn, 7)
    assert.equal(session.connection(4), connections[0])
  })

  it('shows its progress while it is far behind, until it has caught up', () => {
    const statusOf = (events: number) => ({ ...QUIET, events, firstKept: 1000 })
    const take = (first: number, count: number, of: number) =>
      session.apply({
        columns: allocateColumns(first, count),
        firstEventName: 0,
        eventNames: [],
        status: statusOf(of),
      })
    session.setStatus(statusOf(200_000))
    assert.deepEqual(session.catchingUp.value, { done: 0, of: 199_000 })
    take(1000, 149_000, 200_000)
    assert.deepEqual(session.catchingUp.value, { done: 149_000, of: 199_000 })
    take(150_000, 49_000, 203_000)
    assert.equal(session.catchingUp.value, undefined)
    // A burst does not count as catching up, nor do events held back while the view is paused.
    session.setStatus(statusOf(230_000))
    assert.equal(session.catchingUp.value, undefined)
    session.pausedAt.value = 1
    session.setStatus(statusOf(900_000))
    assert.equal(session.catchingUp.value, undefined)
  })

  it('stops at the host’s last message, without rates, and continues when the host answers', () => {
    session.setStatus({ ...QUIET, at: 500, connections: [{ ...newStatus(1), state: 'open', rate: 9 }] })
    time += 8000
    session.freeze(time - 7900)
    assert.equal(session.now(), 600)
    assert.equal(session.isMoving, false)
    assert.equal(session.status.value?.connections[0]?.rate, 0)
    session.freeze(undefined)
    assert.equal(session.now(), 8500)
    assert.equal(session.isMoving, true)
  })

  it('has a clock that stops at the end of a replay, but not before the time reached', () => {
    session.setStatus({ ...QUIET, at: 8000, pace: 4, file })
    time += 10_000
    assert.equal(session.now(), 9000)
    session.setStatus({ ...QUIET, at: 9500, pace: 4, file })
    time += 10_000
    assert.equal(session.now(), 9500)
  })

  it('runs while a connection is live or a recording is played, and the clock runs', () => {
    const runs = (status: Partial<SessionStatus>) => {
      session.setStatus({ ...QUIET, at: 0, ...status })
      return session.isRunning
    }
    assert.equal(runs({}), false)
    assert.equal(runs({ connections: LIVE }), true)
    assert.equal(runs({ connections: LIVE, pace: 0 }), false)
    assert.equal(runs({ connections: [{ ...newStatus(1), state: 'closed' }] }), false)
    assert.equal(runs({ file, pace: 4 }), true)
    assert.equal(runs({ file, pace: 0 }), false)
  })

  it('stops in the view while it is paused, and its clock continues', () => {
    session.setStatus({ ...QUIET, at: 500, connections: LIVE })
    session.pausedAt.value = 400
    time += 100
    assert.deepEqual([session.viewTime(), session.now(), session.isRunning], [400, 600, false])
    session.reset()
    assert.deepEqual([session.viewTime(), session.isRunning], [600, true])
  })

  it('is painted once a frame, however often it changes', () => {
    const before = session.frame.value
    for (let n = 0; n < 3; n++) session.touch()
    assert.equal(frames.length, 1)
    frames[0]?.()
    assert.equal(session.frame.value, before + 1)
    session.touch()
    assert.equal(frames.length, 2)
  })
})
