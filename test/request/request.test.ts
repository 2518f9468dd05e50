import assert from 'node:assert/strict'
import { withHeader } from '../../src/request/headers.ts'
import type { OptionValues } from '../../src/request/options.ts'
import {
  alwaysHasEffect,
  optionsWithoutEffect,
  specOf,
  summaryOf,
  withText,
  withUrl,
} from '../../src/request/request.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'

const ALL: Partial<OptionValues> = {
  ...{ method: 'POST', data: 'x', subprotocol: ['a'], compression: false },
  ...{ framing: 'lines', cursor: 'none', interval: 5 },
}

function withoutEffect(url: string, values: Partial<OptionValues>): string {
  return optionsWithoutEffect(specOf(url, values)).join(' ')
}

describe('a request', () => {
  it('has what its options set, and nothing else', () => {
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
    assert.equal(withoutEffect('http://h/', ALL), 'subprotocol compression interval')
    assert.equal(
      withoutEffect('http://h/', { ...ALL, transport: 'sse' }),
      'subprotocol compression framing cursor interval',
    )
    assert.equal(withoutEffect('http://h/', { ...ALL, transport: 'poll' }), 'subprotocol compression framing')
    assert.equal(
      withoutEffect('http://h/', { ...ALL, transport: 'http-stream' }),
      'subprotocol compression interval',
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

describe('a specification that is edited', () => {
  it('keeps everything else if its URL changes', () => {
    const spec: ConnectionSpec = {
      ...{ url: 'http://h/a', transport: 'long-poll', cursor: 'none' },
      headers: { Authorization: 'Bearer x' },
    }
    assert.deepEqual(withUrl(spec, 'https://h/b'), { ...spec, url: 'https://h/b' })
  })

  it('loses its transport if that does not fit the new URL', () => {
    const headers = { A: 'b' }
    assert.deepEqual(withUrl({ url: 'http://h/', transport: 'sse', headers }, 'ws://h/'), {
      ...{ url: 'ws://h/', headers },
    })
    assert.deepEqual(withUrl({ url: 'ws://h/', transport: 'websocket' }, 'https://h/'), { url: 'https://h/' })
    assert.deepEqual(withUrl({ url: 'ws://h/', transport: 'auto' }, 'https://h/').transport, 'auto')
  })

  it('is summed up in a few words', () => {
    assert.equal(summaryOf({ url: 'http://h/', transport: 'poll' }), '')
    const spec: ConnectionSpec = {
      url: 'http://h/',
      method: 'POST',
      headers: {},
      interval: undefined,
      body: 'x',
    }
    assert.equal(summaryOf(spec), 'POST, headers, body')
  })

  it('has one header with a name, in any case', () => {
    const one = withHeader({ url: 'http://h/' }, 'authorization:  Bearer a:b ')
    assert.deepEqual(one.headers, { authorization: 'Bearer a:b' })
    const two = withHeader(withHeader(one, 'Authorization: Bearer c'), 'X: y')
    assert.deepEqual(two.headers, { Authorization: 'Bearer c', X: 'y' })
    assert.deepEqual(withHeader(two, 'AUTHORIZATION:').headers, { X: 'y' })
    assert.equal(withHeader(two, '  '), two)
    for (const line of ['no colon', ': no name'])
      assert.throws(() => withHeader(two, line), { message: 'A header is written as Name: value.' })
  })
})
