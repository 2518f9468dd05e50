import assert from 'node:assert/strict'
import { KeepAlive } from '../../src/engine/keep-alive.ts'

describe('a keep-alive message', () => {
  let running: KeepAlive | undefined

  afterEach(() => running?.stop())

  /** How many are sent before the constructor returns; waits until one is. */
  async function sentAtOnce(waits: boolean): Promise<number> {
    let sent = 0
    let first = 0
    await new Promise<void>((resolve) => {
      running = new KeepAlive({
        ...{ shown: { text: 'beat' }, interval: 100, waits },
        isReady: () => true,
        send: () => {
          sent++
        },
        changed: () => resolve(),
      })
      first = sent
    })
    return first
  }

  it('is sent at once on a connection that is open', async () => {
    assert.equal(await sentAtOnce(false), 1)
  })

  it('is sent after the interval if it is to wait, also if the connection is open already', async () => {
    assert.equal(await sentAtOnce(true), 0)
  })
})
