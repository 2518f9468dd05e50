import assert from 'node:assert/strict'
import { NOTHING_DECODED } from '../../../src/shared/protocol/decoding.ts'
import { accepted, completionsAt } from '../../../webview/filter/completions.ts'
import { moved, NO_COMPLETIONS } from '../../../webview/ui/completion-list.ts'

const CONTEXT = {
  eventNames: ['', 'price', 'last price'],
  connections: [{ id: 2, url: 'wss://h/' }],
  paths: [{ path: '$.type', values: ['"trade"'] }],
  decoded: NOTHING_DECODED,
}
const at = (text: string) => completionsAt(text, text.length, CONTEXT)

describe('the completions of the filter', () => {
  it('have the first one active if a word has been started, else none', () => {
    assert.deepEqual([at('ty').list[0]?.insert, at('ty').active], ['type:', 0])
    assert.equal(at('').active, -1)
    assert.ok(at('').list.length > 5)
    assert.equal(at('dir:in ').active, -1)
    assert.equal(at('(').active, -1)
    assert.deepEqual(at('dir:').active, 0)
  })

  it('are empty if nothing fits', () => {
    assert.deepEqual(at('zzz'), { list: [], active: -1 })
    assert.deepEqual(at('"dir'), { list: [], active: -1 })
  })

  it('wrap around at the ends', () => {
    const completions = at('dir:')
    assert.equal(moved(completions, 1).active, 1)
    assert.equal(moved(moved(completions, 1), 1).active, 0)
    assert.equal(moved(completions, -1).active, 1)
    assert.equal(moved({ ...completions, active: -1 }, 1).active, 0)
    assert.equal(moved({ ...completions, active: -1 }, -1).active, 1)
    assert.deepEqual(moved(NO_COMPLETIONS, 1), NO_COMPLETIONS)
  })

  const taken = (text: string, caret = text.length) => {
    const choice = completionsAt(text, caret, CONTEXT).list[0]
    return choice && accepted(text, choice)
  }

  it('insert a field without a space for its value, and a value with one for the next word', () => {
    assert.deepEqual(taken('ty'), { text: 'type:', caret: 5 })
    assert.deepEqual(taken('dir:o'), { text: 'dir:out ', caret: 8 })
    assert.deepEqual(taken('dir:in an'), { text: 'dir:in and ', caret: 11 })
    assert.deepEqual(taken('event:"l'), { text: 'event:"last price" ', caret: 19 })
    assert.deepEqual(taken('$.t'), { text: '$.type ', caret: 7 })
    assert.deepEqual(taken('$.type == '), { text: '$.type == "trade" ', caret: 18 })
  })

  it('keep the text behind the caret', () => {
    assert.deepEqual(taken('dir:o trade', 5), { text: 'dir:out trade', caret: 7 })
    assert.deepEqual(taken('ty:ping', 2), { text: 'type:ping', caret: 5 })
  })
})
