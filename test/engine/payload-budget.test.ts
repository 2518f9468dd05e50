/** How many payloads rules may read of a live session. */
import assert from 'node:assert/strict'
import { PayloadBudget } from '../../src/engine/payload-budget.ts'

/** Events of `size` bytes in each of 20 seconds, read in `cost` ms each while the budget is left. Returns how many were read. */
function read(perSecond: number, cost: number, size = 100): number {
  const budget = new PayloadBudget(0)
  let events = 0
  let taken = 0
  for (let at = 1; at <= 20 * 4; at++) {
    events += perSecond / 4
    budget.earn(events, at * 250)
    for (let each = 0; each < perSecond / 4; each++) {
      if (!budget.isLeft) continue
      budget.spend(1, size, cost)
      taken++
    }
  }
  return taken
}

describe('the budget for payloads', () => {
  it('lets all of a calm session be read, however slow the machine is', () => {
    assert.equal(read(12, 30), 240)
    assert.equal(read(400, 2), 8000)
  })

  it('is a small share of the time if payloads are large', () => {
    const taken = read(300, 0.5, 65_536)
    // 2 % of the time, and 2 MB a second in any case.
    assert.ok(taken < 6000 / 3, `${taken} read`)
    assert.ok(taken > 600)
    assert.equal(read(4, 5, 65_536), 80)
  })

  it('is a small share of the time in a flood', () => {
    const taken = read(20_000, 0.01)
    assert.ok(taken < 0.02 * 400_000, `${taken} read`)
    assert.ok(taken > 0)
  })
})
