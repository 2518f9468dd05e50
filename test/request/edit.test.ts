import assert from 'node:assert/strict'
import { besidesUrl, withUrl } from '../../src/request/edit.ts'
import { withHeader } from '../../src/request/headers.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'

describe('a connection that is edited', () => {
  it('keeps all but its URL where that changes', () => {
    const spec: ConnectionSpec = {
      ...{ url: 'http://h/a', transport: 'long-poll', cursor: 'none' },
      headers: { Authorization: 'Bearer x' },
    }
    assert.deepEqual(withUrl(spec, 'https://h/b'), { ...spec, url: 'https://h/b' })
  })

  it('has its transport found out anew where that does not speak to the URL', () => {
    const headers = { A: 'b' }
    assert.deepEqual(withUrl({ url: 'http://h/', transport: 'sse', headers }, 'ws://h/'), {
      ...{ url: 'ws://h/', headers },
    })
    assert.deepEqual(withUrl({ url: 'ws://h/', transport: 'websocket' }, 'https://h/'), { url: 'https://h/' })
    assert.deepEqual(withUrl({ url: 'ws://h/', transport: 'auto' }, 'https://h/').transport, 'auto')
  })

  it('says in a few words what it has besides its URL', () => {
    assert.equal(besidesUrl({ url: 'http://h/', transport: 'poll' }), '')
    const spec: ConnectionSpec = {
      url: 'http://h/',
      method: 'POST',
      headers: {},
      interval: undefined,
      body: 'x',
    }
    assert.equal(besidesUrl(spec), 'POST, headers, body')
  })

  it('has one header of a name, in whatever case it is typed', () => {
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
