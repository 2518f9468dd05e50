import assert from 'node:assert/strict'
import { readTyped } from '../../src/request/typed-url.ts'

function urls(typed: string): readonly string[] {
  const read = readTyped(typed)
  return read.kind === 'urls' ? read.urls : assert.fail(`${typed}: ${JSON.stringify(read)}`)
}

describe('a typed URL', () => {
  it('is unchanged if it has a scheme', () => {
    assert.deepEqual(urls(' wss://example.com/feed?x=1 '), ['wss://example.com/feed?x=1'])
    assert.deepEqual(urls('http://localhost:8080'), ['http://localhost:8080'])
  })

  it('without a scheme has candidates, secure ones first for a public host', () => {
    assert.deepEqual(urls('example.com/feed')[0], 'wss://example.com/feed')
    assert.deepEqual(urls('example.com:8443/feed'), [
      'wss://example.com:8443/feed',
      'https://example.com:8443/feed',
      'ws://example.com:8443/feed',
      'http://example.com:8443/feed',
    ])
  })

  it('without a scheme has insecure candidates first for a local host', () => {
    for (const host of [
      'localhost:3000',
      '127.0.0.1:80',
      '192.168.1.2',
      '[::1]:9000',
      'devbox:8080/x',
      'printer.local',
    ])
      assert.equal(urls(host)[0], `ws://${host}`, host)
  })

  it('has one sentence that says what is wrong', () => {
    for (const typed of ['gopher://h/', 'ws://', 'http://[::1', 'ws://h/#part', 'not a url'])
      assert.match(JSON.stringify(readTyped(typed)), /"problem","message":"[A-Z].+\."/, typed)
  })

  it('has no problem while it is empty', () => {
    assert.deepEqual(readTyped('  '), { kind: 'empty' })
  })
})
