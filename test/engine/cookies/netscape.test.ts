/** Files of cookies in the format of Netscape. The exchange with curl is in test/cli/cookies.test.ts. */
import assert from 'node:assert/strict'
import { formatCookies, parseCookies } from '../../../src/engine/cookies/netscape.ts'
import type { StoredCookie } from '../../../src/shared/protocol/cookies.ts'

const NOW = Date.parse('2026-01-01')
const EXPIRES = NOW / 1000 + 60

const COOKIE: StoredCookie = {
  ...{ name: 'a', value: 'b=c d', domain: 'h.example', path: '/', expires: EXPIRES * 1000 },
  ...{ isHostOnly: true, isSecure: false, isHttpOnly: false },
}

describe('a file of cookies', () => {
  it('reads back as it was written', () => {
    const cookies = [
      COOKIE,
      { ...COOKIE, name: 'http', isHttpOnly: true, isSecure: true },
      { ...COOKIE, name: '', value: 'nameless', isHostOnly: false },
      { ...COOKIE, name: 'empty', value: '', path: '/x', expires: undefined },
    ].map(({ expires, ...each }) => ({ ...each, ...(expires !== undefined && { expires }) }))
    assert.deepEqual(parseCookies(formatCookies(cookies), NOW), cookies)
  })

  it('has no cookies that have expired, and none that a line cannot carry', () => {
    const text = formatCookies([
      { ...COOKIE, path: '/a\tb' },
      { ...COOKIE, expires: NOW - 1 },
    ])
    assert.deepEqual(parseCookies(text, NOW), [])
    assert.match(text, /^h\.example\tFALSE\t\/\tFALSE\t\d+\ta\tb=c d$/m)
    assert.ok(!text.includes('/a'))
  })

  it('may have comments, empty lines, and lines that end with CRLF', () => {
    const text = `# Netscape\r\n\r\n#HttpOnly_.h.example\tTRUE\t/\tFALSE\t0\ta\tb\r\n`
    assert.deepEqual(parseCookies(text, NOW), [
      {
        ...{ name: 'a', value: 'b', domain: 'h.example', path: '/' },
        isHostOnly: false,
        isSecure: false,
        isHttpOnly: true,
      },
    ])
  })

  for (const line of [
    'TOKEN=abc',
    'h.example\tFALSE\t/\tFALSE\t0',
    'h.example\tno\t/\tFALSE\t0\ta\tb',
    'h.example\tFALSE\tx\tFALSE\t0\ta\tb',
    'h.example\tFALSE\t/\tFALSE\tsoon\ta\tb',
    'h.example\tFALSE\t/\tFALSE\t0\ta\tb\tc',
    '\tFALSE\t/\tFALSE\t0\ta\tb',
  ])
    it(`is not one with the line ${JSON.stringify(line)}`, () => {
      assert.throws(() => parseCookies(`# x\n${line}\n`, NOW), /^Failure: Line 2 is not a cookie/)
    })
})
