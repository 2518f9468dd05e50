import assert from 'node:assert/strict'
import { scriptWords } from '../../../webview/format/script.ts'

const STATUS = { done: 0, of: 0, sent: [], variables: {} } as const

describe('the words about the script of a request', () => {
  it('count one step and several', () => {
    const words = (done: number, of: number) => scriptWords({ ...STATUS, done, of })
    assert.deepEqual(
      [words(0, 0), words(0, 1), words(1, 1), words(1, 3), words(3, 3)],
      ['', '0 of 1 step', '1 step done', '1 of 3 steps', 'all 3 steps done'],
    )
  })

  it('say what it waits for', () => {
    assert.equal(
      scriptWords({ ...STATUS, of: 1, waitsFor: 'open' }),
      '0 of 1 step, waits for the connection to open',
    )
  })
})
