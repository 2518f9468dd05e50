import assert from 'node:assert/strict'
import { certificatesFor, isForHost, isHostPattern } from '../../src/shared/host-certificates.ts'

describe('certificates of hosts', () => {
  for (const [pattern, url, is] of [
    ['example.com', 'https://example.com/', true],
    ['EXAMPLE.com', 'https://example.com:8443/', true],
    ['example.com', 'wss://example.com/', true],
    ['example.com', 'https://a.example.com/', false],
    ['example.com', 'https://notexample.com/', false],
    ['example.com:443', 'https://example.com/', true],
    ['example.com:443', 'https://example.com:8443/', false],
    ['*.example.com', 'https://a.b.example.com/', true],
    ['*.example.com', 'https://example.com/', false],
    ['*.example.com', 'https://notexample.com/', false],
    ['*.example.com:8443', 'https://a.example.com:8443/', true],
    ['[::1]:8443', 'https://[::1]:8443/', true],
    ['bücher.example', 'https://bücher.example/', true],
    ['127.0.0.1', 'https://localhost/', false],
  ] as const)
    it(`with ${pattern} are ${is ? '' : 'not '}for ${url}`, () => {
      assert.equal(isHostPattern(pattern), true)
      // Only the scheme https: has a host that is converted.
      assert.equal(isForHost(pattern, new URL(url)), is)
    })

  it('are the first that fit', () => {
    const all = [{ host: 'b.example' }, { host: '*.a.example' }, { host: 'x.a.example' }]
    assert.equal(certificatesFor(new URL('https://x.a.example/'), all), all[1])
    assert.equal(certificatesFor(new URL('https://c.example/'), all), undefined)
  })

  for (const text of [
    '',
    '*',
    '*.',
    'https://example.com',
    'example.com/',
    'a b',
    'user@example.com',
    '*.*.com',
    ':80',
  ])
    it(`cannot have the host ${JSON.stringify(text)}`, () => assert.equal(isHostPattern(text), false))
})
