import assert from 'node:assert/strict'
import { connectionNames } from '../../src/shared/connection-names.ts'

/** The names of connections with these URLs, each optionally after its transport. */
function names(...connections: readonly string[]): string[] {
  const named = connections.map((each, i) => {
    const [url = '', transport = 'websocket'] = each.split(' ').reverse()
    return { id: i + 1, url, transport }
  })
  return [...connectionNames(named).values()]
}

describe('the name of a connection', () => {
  it('is the end of its path, or its host', () => {
    assert.deepEqual(names('wss://h/v1/ticker', 'wss://h:81/', 'nonsense'), ['ticker', 'h:81', 'nonsense'])
  })

  it('has the parameters that differ, and not those that do not', () => {
    assert.deepEqual(names('ws://h/chat?v=1&room=dev', 'ws://h/chat?v=1&room=ops'), [
      'chat · room=dev',
      'chat · room=ops',
    ])
    assert.deepEqual(names('ws://h/chat', 'ws://h/chat?room=ops'), ['chat', 'chat · room=ops'])
  })

  it('has no parameters while no other connection has the same name', () => {
    assert.deepEqual(names('ws://h/chat?room=dev', 'ws://h/feed?room=ops'), ['chat', 'feed'])
  })

  it('has the host, else the path, else the transport', () => {
    assert.deepEqual(names('ws://a/chat', 'ws://b/chat'), ['chat · a', 'chat · b'])
    assert.deepEqual(names('ws://h/v1/chat', 'ws://h/v2/chat'), ['chat · v1', 'chat · v2'])
    assert.deepEqual(names('sse http://h/events', 'poll http://h/events'), ['events · sse', 'events · poll'])
  })

  it('adds only what is needed, group by group', () => {
    assert.deepEqual(names('ws://a/chat?room=dev', 'ws://a/chat?room=ops', 'ws://b/chat?room=ops'), [
      'chat · room=dev',
      'chat · room=ops · a',
      'chat · room=ops · b',
    ])
  })

  it('has the number if nothing else differs', () => {
    assert.deepEqual(names('ws://h/chat?token=***', 'ws://h/chat?token=***'), ['chat (1)', 'chat (2)'])
  })

  it('is bounded, whatever the parameters are', () => {
    const [first = ''] = names(`ws://h/chat?q=${'x'.repeat(500)}&a=1&b=2&c=3`, 'ws://h/chat')
    assert.ok(first.length < 80, first)
  })
})
