import assert from 'node:assert/strict'
import { LONGEST_WAIT, SHORTEST_STAY, SteadyWindow } from '../../../webview/list/steady-window.ts'
import type { Rows } from '../../../webview/state/events/rows.ts'

const rows: Rows = { first: 0, end: 1e6, eventAt: (rank) => rank, rankOf: (event) => event }
const windowTo = (to: number) => ({ from: to - 10, to, shift: 0 })
const none = () => false
const every = () => true

function paceAt(to: number): SteadyWindow {
  const steady = new SteadyWindow()
  steady.advance({ rows, window: windowTo(to), isFollowing: true, now: 0 }, none)
  return steady
}

describe('following fast traffic', () => {
  it('shows new rows once their previews have arrived', () => {
    const steady = paceAt(100)
    const later = { rows, window: windowTo(105), isFollowing: true }
    assert.equal(steady.advance({ ...later, now: 1 }, none).to, 100)
    assert.equal(steady.wanted?.to, 105)
    assert.equal(steady.isWaiting, true)
    assert.equal(steady.advance({ ...later, now: 2 }, every).to, 105)
    assert.equal(steady.isWaiting, false)
  })

  it('keeps to the requested window while newer rows arrive', () => {
    const steady = paceAt(100)
    const at = (to: number, now: number) => ({ rows, window: windowTo(to), isFollowing: true, now })
    steady.advance(at(105, 1), none)
    steady.advance(at(300, 2), none)
    assert.equal(steady.wanted?.to, 105)
    assert.equal(steady.advance(at(400, 3), (event) => event < 105).to, 105)
    assert.equal(steady.isWaiting, true)
  })

  it('waits no longer than its limit', () => {
    const steady = paceAt(100)
    const later = { rows, window: windowTo(105), isFollowing: true }
    steady.advance({ ...later, now: 1 }, none)
    assert.equal(steady.advance({ ...later, now: LONGEST_WAIT }, none).to, 100)
    assert.equal(steady.advance({ ...later, now: LONGEST_WAIT + 1 }, none).to, 105)
  })

  it('keeps rows for a moment if all of them change at once', () => {
    const steady = paceAt(100)
    const later = { rows, window: windowTo(200), isFollowing: true }
    assert.equal(steady.advance({ ...later, now: SHORTEST_STAY - 1 }, every).to, 100)
    assert.equal(steady.isWaiting, true)
    assert.equal(steady.advance({ ...later, now: SHORTEST_STAY }, every).to, 200)
  })

  it('does not wait if the user scrolls, the rows change or the view is resized', () => {
    const target = { rows, window: windowTo(200), isFollowing: true, now: 1 }
    assert.equal(paceAt(100).advance({ ...target, isFollowing: false }, none).to, 200)
    assert.equal(paceAt(100).advance({ ...target, rows: { ...rows } }, none).to, 200)
    assert.equal(paceAt(100).advance({ ...target, window: { from: 180, to: 200, shift: 0 } }, none).to, 200)
  })
})
