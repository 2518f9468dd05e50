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
    // Node's timers may be early by the part of a millisecond that their clock does not have.
    assert.ok(timers.now() - begun >= 29, String(timers.now() - begun))
    assert.equal(calls, 1)
  })

  it('are not misled by a delay that is beyond what a timer takes, and call nothing off for another', async () => {
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

  it('call back at once, but not within the call, where there is nothing to wait for', async () => {
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
