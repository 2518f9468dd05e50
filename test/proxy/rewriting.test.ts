/** What the reverse proxy changes in header fields, and what it leaves alone. */
import assert from 'node:assert/strict'
import { withoutHopFields } from '../../src/proxy/http/hop-fields.ts'
import { type FieldLine, parseHead } from '../../src/proxy/http/message-head.ts'
import { rewriteCookie } from '../../src/proxy/rewriting/cookies.ts'
import { ReverseRewriting } from '../../src/proxy/rewriting/reverse-rewriting.ts'

const OWN = '127.0.0.1:4000'

function fields(...lines: string[]): readonly FieldLine[] {
  return parseHead(['GET / HTTP/1.1', ...lines, '', ''].join('\r\n'), true).fields
}

const linesOf = (changed: readonly FieldLine[]) => changed.map(({ line }) => line)

function request(target: string, ...lines: string[]): string[] {
  return linesOf(new ReverseRewriting(new URL(target), OWN).request(fields(...lines)))
}

function response(target: string, ...lines: string[]): string[] {
  return linesOf(new ReverseRewriting(new URL(target), OWN).response(fields(...lines)))
}

describe('the rewriting of requests', () => {
  it('names the target as host, and as the origin of the page that the proxy serves', () => {
    assert.deepEqual(
      request('http://localhost:3000', `Host: ${OWN}`, `Origin: http://${OWN}`, `Referer: http://${OWN}/a?b`),
      ['Host: localhost:3000', 'Origin: http://localhost:3000', 'Referer: http://localhost:3000/a?b'],
    )
  })

  it('leaves foreign origins and all other lines as they were sent', () => {
    const lines = [
      'host: localhost:3000',
      'ORIGIN: http://evil.example',
      `X-Url:   http://${OWN}/`,
      'x-a: 1',
      'X-A: 2',
    ]
    assert.deepEqual(request('http://localhost:3000', ...lines), lines)
  })

  it('adds a Host where HTTP/1.0 has none', () => {
    assert.deepEqual(request('http://localhost:3000', 'A: b'), ['Host: localhost:3000', 'A: b'])
  })
})

describe('the rewriting of responses', () => {
  const cases: readonly (readonly [target: string, from: string, to: string])[] = [
    ['http://localhost:3000', 'http://localhost:3000/login', `http://${OWN}/login`],
    ['http://localhost:3000', 'HTTP://LOCALHOST:3000/login', `http://${OWN}/login`],
    ['http://localhost:3000', '/login?back=http://localhost:3000/', `/login?back=http://${OWN}/`],
    ['http://localhost:3000', 'http://localhost:30001/', 'http://localhost:30001/'],
    ['http://localhost:3000', 'http://localhost:3000.evil.example/', 'http://localhost:3000.evil.example/'],
    ['http://localhost:3000', 'http://localhost:3000@evil.example/', 'http://localhost:3000@evil.example/'],
    ['http://localhost:3000', 'https://login.example/', 'https://login.example/'],
    ['https://app.example', 'https://app.example:443/', `http://${OWN}/`],
    ['https://app.example', 'https://app.example:8443/', 'https://app.example:8443/'],
    ['https://app.example', 'http://app.example/', 'http://app.example/'],
  ]
  for (const [target, from, to] of cases)
    it(`leads from ${from} of ${target} to ${to}`, () => {
      assert.deepEqual(response(target, `Location: ${from}`), [`Location: ${to}`])
    })

  it('replaces the origin of WebSockets in a content security policy', () => {
    assert.deepEqual(
      response('https://app.example', "Content-Security-Policy: connect-src 'self' wss://app.example"),
      [`Content-Security-Policy: connect-src 'self' ws://${OWN}`],
    )
  })

  it('lets the page that the proxy serves read what the target allows its own page', () => {
    assert.deepEqual(
      response('http://localhost:3000', 'Access-Control-Allow-Origin: http://localhost:3000'),
      [`Access-Control-Allow-Origin: http://${OWN}`],
    )
  })
})

describe('the rewriting of cookies', () => {
  const cases: readonly (readonly [target: string, from: string, to: string])[] = [
    ['http://localhost:3000', 'a=b; Path=/; HttpOnly', 'a=b; Path=/; HttpOnly'],
    ['http://localhost:3000', 'a=b; Domain=localhost; Secure', 'a=b; Secure'],
    ['https://www.app.example', 'a=b; domain=.app.example; Path=/', 'a=b; Path=/'],
    ['https://www.app.example', 'a=b; Domain=other.example', 'a=b; Domain=other.example'],
    ['https://app.example', 'a=b; Secure; SameSite=None; Partitioned', 'a=b'],
    ['https://app.example', 'a=Secure; Secure; SameSite=Lax', 'a=Secure; SameSite=Lax'],
    ['https://app.example', '__Host-a=b; Secure; Path=/', '__Host-a=b; Secure; Path=/'],
  ]
  for (const [target, from, to] of cases)
    it(`makes "${to}" of "${from}" of ${target}`, () => {
      assert.equal(rewriteCookie(from, new URL(target)), to)
    })
})

describe('the fields for one connection', () => {
  it('are removed with those that Connection names, except what holds for both connections', () => {
    assert.deepEqual(
      linesOf(
        withoutHopFields(
          fields('Connection: keep-alive, X-Hop', 'X-Hop: 1', 'X-Other: 2', 'Keep-Alive: timeout=5'),
        ),
      ),
      ['Connection: keep-alive', 'X-Other: 2', 'Keep-Alive: timeout=5'],
    )
  })

  it('never are those that the message needs', () => {
    const lines = ['Host: a', 'Connection: close, host, content-length', 'Content-Length: 2']
    assert.deepEqual(linesOf(withoutHopFields(fields(...lines))), lines)
  })

  it('include the offer of HTTP/2, but not that of a WebSocket', () => {
    assert.deepEqual(
      linesOf(
        withoutHopFields(
          fields('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAM', 'A: b'),
        ),
      ),
      ['A: b'],
    )
    const lines = ['Connection: Upgrade', 'Upgrade: websocket']
    assert.deepEqual(linesOf(withoutHopFields(fields(...lines))), lines)
  })

  it('include credentials for the proxy', () => {
    assert.deepEqual(linesOf(withoutHopFields(fields('Proxy-Authorization: Basic eA==', 'A: b'))), ['A: b'])
  })
})
