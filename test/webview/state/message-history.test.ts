import assert from 'node:assert/strict'
import type { ComposedMessage } from '../../../src/shared/compose/compose.ts'
import { MessageHistory } from '../../../webview/state/message-history.ts'

const text = (value: string): ComposedMessage => ({ format: 'text', text: value })

function historyOf(...values: readonly string[]): MessageHistory {
  const history = new MessageHistory()
  for (const value of values) history.push(text(value))
  return history
}

describe('messages sent before', () => {
  it('are shown backwards and forwards, and the draft comes back', () => {
    const history = historyOf('a', 'b')
    const draft: ComposedMessage = { format: 'hex', text: '00' }
    assert.deepEqual(history.older(draft), text('b'))
    assert.deepEqual(history.older(text('b')), text('a'))
    assert.equal(history.older(text('a')), undefined)
    assert.deepEqual(history.newer(), text('b'))
    assert.deepEqual(history.newer(), draft)
    assert.equal(history.newer(), undefined)
  })

  it('are kept once each, newest last, fifty at most', () => {
    const history = historyOf(...Array.from({ length: 60 }, (_, i) => `m${i}`), 'm30')
    assert.equal(history.entries.length, 50)
    assert.deepEqual(history.entries.at(-1), text('m30'))
    assert.equal(history.entries.filter((entry) => entry.text === 'm30').length, 1)
    assert.deepEqual(history.entries[0], text('m10'))
  })

  it('are other messages in another format', () => {
    const history = historyOf('00')
    history.push({ format: 'hex', text: '00' })
    assert.equal(history.entries.length, 2)
  })

  it('take limited memory, which the newest uses first', () => {
    const large = 'x'.repeat(3 * 1024 * 1024)
    const history = historyOf('small', `a${large}`, `b${large}`)
    assert.deepEqual(
      history.entries.map((entry) => entry.text[0]),
      ['b'],
    )
    history.push(text('small'))
    assert.deepEqual(
      history.entries.map((entry) => entry.text[0]),
      ['b', 's'],
    )
  })
})
