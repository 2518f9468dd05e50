import assert from 'node:assert/strict'
import { REAL_TIMERS as timers } from '../../../src/session/replay/timers.ts'

describe('the timers of a replay', () => {
  it('call back after the delay, once', async () => {
    const begun = timers.now()
    let calls = 0
    await new Promise<void>((resolve) => {
      timers.after(30, () => {
        calls++
        resolve()
      })
    })
    // Timers of Node.js can be early by a fraction of a millisecond.
    assert.ok(timers.now() - begun >= 29, String(timers.now() - begun))
    assert.equal(calls, 1)
  })

  it('limit a delay that is too long for a timer, and only cancel their own', async () => {
    const heard: string[] = []
    const off = [
      timers.after(2 ** 31, () => heard.push('weeks')),
      timers.after(Number.POSITIVE_INFINITY, () => heard.push('never')),
    ]
    off.push(timers.after(0, () => heard.push('called off')))
    off[2]?.()
    await new Promise<void>((resolve) => timers.after(20, resolve))
    for (const each of off) each()
    assert.deepEqual(heard, [])
  })

  it('call back at once, but not synchronously, if there is nothing to wait for', async () => {
    const heard: string[] = []
    const called = new Promise<void>((resolve) => {
      timers.after(-5, () => {
        heard.push('called')
        resolve()
      })
    })
    heard.push('asked')
    await called
    assert.deepEqual(heard, ['asked', 'called'])
  })
})
