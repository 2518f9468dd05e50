import assert from 'node:assert/strict'
import type { TransportName } from '../../src/shared/transports.ts'
import { parseUrl } from '../../src/shared/url.ts'

describe('url', () => {
  it('accepts URLs that a transport can connect to', () => {
    for (const url of ['ws://h', 'wss://h:1/p?q', 'http://h', 'HTTPS://u:p@h/#f', 'ws://[::1]:9/'])
      assert.ok(parseUrl(url) instanceof URL)
    assert.equal(parseUrl('https://h/', 'sse').hostname, 'h')
    assert.equal(parseUrl('ws://h/', 'websocket').hostname, 'h')
  })

  for (const [url, transport, sentence] of [
    ['', 'auto', /no URL; give one/],
    ['localhost:8080/x', 'auto', /no scheme; begin it with ws:/],
    ['example.com', 'auto', /no scheme/],
    ['ftp://h/', 'auto', /scheme ftp: is not supported/],
    ['file:///etc/passwd', 'auto', /scheme file: is not supported/],
    ['ws://', 'auto', /is not valid; check its host/],
    ['http://h:99999/', 'auto', /is not valid/],
    ['http://[::1/', 'auto', /is not valid/],
    ['http://h/', 'websocket', /try ws:\/\/h\//],
    ['wss://h/', 'sse', /transport sse needs an http: or https: URL.*try https:\/\/h\//],
    ['ws://h/#part', 'auto', /cannot have a fragment/],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(url)} for ${transport}`, () => {
      assert.throws(() => parseUrl(url, transport satisfies TransportName | 'auto'), {
        code: 'BAD_URL',
        message: sentence,
      })
    })
  }

  it('does not show secrets in messages', () => {
    assert.throws(
      () => parseUrl('http://user:hunter2@h:x/?token=hunter2'),
      (error: unknown) => error instanceof Error && !error.message.includes('hunter2'),
    )
  })
})
