import assert from 'node:assert/strict'
import { parseFilter } from '../../../src/shared/filter/parse.ts'
import { FilterError } from '../../../src/shared/filter/syntax.ts'

/** The message of a mistake, and the text that it is about. */
function mistakeIn(text: string): [message: string, marked: string] {
  try {
    parseFilter(text)
  } catch (thrown) {
    if (thrown instanceof FilterError) return [thrown.message, text.slice(thrown.start, thrown.end)]
  }
  return assert.fail('the filter is accepted')
}

describe('a filter on decoded events', () => {
  it('has a pattern for each field of a packet', () => {
    for (const field of ['protocol', 'name', 'channel', 'id'])
      assert.deepEqual(parseFilter(`${field}:"a b*"`), { kind: 'decoded', field, pattern: 'a b*' })
    assert.deepEqual(parseFilter('Kind:ACK'), { kind: 'decoded', field: 'kind', pattern: 'ack' })
    assert.deepEqual(parseFilter('is:Unanswered'), { kind: 'is', state: 'unanswered' })
    assert.deepEqual(parseFilter('latency:>1.5s'), {
      kind: 'number',
      field: 'latency',
      comparison: '>',
      value: 1500,
    })
  })

  it('says what is wrong, and where', () => {
    assert.deepEqual(mistakeIn('a kind:ask b'), [
      'kind is handshake, heartbeat, request, response, event, subscribe, unsubscribe, data, complete, ack, error or close.',
      'kind:ask',
    ])
    assert.deepEqual(mistakeIn('is:late'), [
      'is is followed by unanswered, heartbeat or automatic, such as is:unanswered.',
      'is:late',
    ])
    assert.deepEqual(mistakeIn('(name:)'), [
      'name is the name of a decoded event, such as name:sum or name:price*.',
      'name:',
    ])
    assert.deepEqual(mistakeIn('x or latency:slow'), [
      'latency is the time from a request to its answer, such as latency:>200ms.',
      'latency:slow',
    ])
  })
})
