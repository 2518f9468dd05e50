import assert from 'node:assert/strict'
import type { OptionValues } from '../../src/request/options.ts'
import { alwaysHasEffect, optionsWithoutEffect, specOf, withText } from '../../src/request/request.ts'

const ALL: Partial<OptionValues> = {
  ...{ method: 'POST', data: 'x', subprotocol: ['a'], compression: false },
  ...{ framing: 'lines', cursor: 'none', interval: 5 },
}

function withoutEffect(url: string, values: Partial<OptionValues>): string {
  return optionsWithoutEffect(specOf(url, values)).join(' ')
}

describe('a request', () => {
  it('has what its options say, and nothing else', () => {
    assert.deepEqual(specOf('ws://h/', {}), { url: 'ws://h/' })
    assert.deepEqual(
      specOf('https://h/', {
        ...{ transport: 'poll', timeout: 5, insecure: true, ca: ['A'], proxy: undefined },
        header: [
          ['X-Many', 'a'],
          ['Accept', 'b'],
          ['x-many', 'c'],
        ],
      }),
      {
        ...{ url: 'https://h/', transport: 'poll', timeout: 5, tls: { insecure: true, ca: ['A'] } },
        headers: { 'X-Many': ['a', 'c'], Accept: 'b' },
      },
    )
  })

  it('lists the options that have no effect on its URL and transport', () => {
    assert.equal(withoutEffect('WS://h/', ALL), 'method data framing cursor interval')
    assert.equal(withoutEffect('http://h/', ALL), 'subprotocol compression cursor interval')
    assert.equal(
      withoutEffect('http://h/', { ...ALL, transport: 'sse' }),
      'subprotocol compression framing cursor interval',
    )
    assert.equal(withoutEffect('http://h/', { ...ALL, transport: 'poll' }), 'subprotocol compression framing')
    assert.equal(
      withoutEffect('http://h/', { ...ALL, transport: 'http-stream' }),
      'subprotocol compression cursor interval',
    )
    for (const url of ['ws://h/', 'http://h/']) assert.equal(withoutEffect(url, {}), '')
  })

  it('knows which options have an effect whatever the response is', () => {
    assert.ok(alwaysHasEffect('method', { url: 'http://h/' }))
    assert.ok(!alwaysHasEffect('framing', { url: 'http://h/' }))
    assert.ok(alwaysHasEffect('framing', { url: 'http://h/', transport: 'http-stream' }))
  })

  it('takes an option as text without checking it', () => {
    assert.deepEqual(withText({ url: 'http://h/' }, 'timeout', '5'), { url: 'http://h/', timeout: 5 })
    assert.deepEqual(withText({ url: 'http://h/' }, 'timeout', 'x'), {
      url: 'http://h/',
      timeout: Number.NaN,
    })
  })
})
