import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Deadline } from '../../src/transport/deadline.ts'

const LONG = 2 ** 40

describe('deadline', () => {
  it('aborts with the reason of its signal, and tells each listener once', () => {
    const control = new AbortController()
    const deadline = new Deadline(control.signal, LONG, () => 'late')
    const told: string[] = []
    const removed = () => told.push('removed')
    deadline.addEventListener('abort', () => told.push('first'))
    deadline.addEventListener('abort', removed)
    deadline.addEventListener('abort', () => told.push('second'))
    deadline.removeEventListener('abort', removed)
    assert.equal(deadline.aborted, false)
    deadline.throwIfAborted()
    control.abort('disconnected')
    assert.deepEqual(told, ['first', 'second'])
    assert.equal(deadline.aborted, true)
    assert.equal(deadline.reason, 'disconnected')
    assert.throws(
      () => deadline.throwIfAborted(),
      (thrown) => thrown === 'disconnected',
    )
  })

  it('aborts at once if its signal has aborted', () => {
    const deadline = new Deadline(AbortSignal.abort('before'), LONG, () => 'late')
    assert.equal(deadline.aborted, true)
    assert.equal(deadline.reason, 'before')
  })

  it('aborts when the time is up, and not again', async () => {
    const control = new AbortController()
    const deadline = new Deadline(control.signal, 1, () => 'late')
    await new Promise<void>((resolve) => deadline.addEventListener('abort', resolve))
    control.abort('disconnected')
    assert.equal(deadline.reason, 'late')
  })

  it('tells all listeners although one throws, whose error is uncaught', async () => {
    const uncaught = new Promise<unknown>((resolve) => process.setUncaughtExceptionCaptureCallback(resolve))
    try {
      const deadline = new Deadline(undefined, LONG, () => 'late')
      const told: string[] = []
      deadline.addEventListener('abort', () => {
        throw new Error('broken')
      })
      deadline.addEventListener('abort', () => told.push('second'))
      deadline.abort('disconnected')
      assert.deepEqual(told, ['second'])
      assert.match(String(await uncaught), /broken/)
    } finally {
      process.setUncaughtExceptionCaptureCallback(null)
    }
  })

  it('does not abort once it is cleared', async () => {
    const control = new AbortController()
    const deadline = new Deadline(control.signal, 1, () => 'late')
    deadline.clear()
    // A timer of the same duration that was started later fires later.
    await once(AbortSignal.timeout(1), 'abort')
    control.abort('disconnected')
    assert.equal(deadline.aborted, false)
  })
})
