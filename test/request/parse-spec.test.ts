import assert from 'node:assert/strict'
import { parseSpec } from '../../src/request/parse-spec.ts'
import { Failure } from '../../src/shared/failure.ts'

function refusal(input: unknown): Failure {
  try {
    parseSpec(input)
  } catch (error) {
    assert.ok(error instanceof Failure, String(error))
    return error
  }
  assert.fail(`accepted ${JSON.stringify(input)}`)
}

describe('parseSpec', () => {
  it('accepts every field of a specification, unchanged', () => {
    const spec = {
      url: 'https://example.com/events',
      transport: 'sse',
      method: 'POST',
      headers: { Accept: 'text/event-stream', 'X-Many': ['a', 'b\tc'] },
      body: { base64: 'AAEC' },
      reconnect: 250,
      maxAttempts: 3,
      interval: 10,
      timeout: 1000,
      framing: 'auto',
      cursor: 'json:/next:since',
      tls: { insecure: true, ca: ['PEM'], cert: 'PEM', key: 'PEM' },
      proxy: 'http://proxy:3128',
      maxMessageSize: 1024,
      compression: false,
      pingInterval: 10_000,
    }
    assert.deepEqual(parseSpec(spec), spec)
    assert.deepEqual(parseSpec({ url: 'ws://h/', subprotocols: ['a', 'b'], reconnect: 'never' }), {
      url: 'ws://h/',
      subprotocols: ['a', 'b'],
      reconnect: 'never',
    })
  })

  const bad: readonly [string, unknown, RegExp][] = [
    ['nothing', undefined, /^The connection must be an object with a "url"\.$/],
    ['a bare URL', 'ws://h/', /must be an object with a "url"/],
    ['no URL', {}, /"url" is missing\.$/],
    ['a URL that is not text', { url: 5 }, /"url" must be text such as ws:/],
    ['a misspelt field', { url: 'ws://h/', header: {} }, /"header" is not a known option/],
    [
      'an unknown transport',
      { url: 'ws://h/', transport: 'smoke' },
      /"transport" must be one of auto, websocket/,
    ],
    [
      'a header that breaks the line',
      { url: 'ws://h/', headers: { A: 'b\r\nC: d' } },
      /"headers\.A" must be one line/,
    ],
    ['an invalid cursor', { url: 'http://h/', cursor: 'json::x' }, /"cursor" must be auto, none, header:/],
    ['a header name with a space', { url: 'ws://h/', headers: { 'A B': 'c' } }, /must be a header name/],
    [
      'a method with a line break',
      { url: 'http://h/', method: 'GET / HTTP/1.1\r\n' },
      /"method" must be an HTTP method/,
    ],
    ['a negative interval', { url: 'http://h/', interval: -1 }, /"interval" must be a whole number from 0/],
    ['a timer that overflows', { url: 'http://h/', timeout: 2 ** 31 }, /"timeout" must be a whole number/],
    ['NaN', { url: 'http://h/', maxMessageSize: Number.NaN }, /"maxMessageSize" must be a whole number/],
    [
      'an invalid reconnect policy',
      { url: 'ws://h/', reconnect: 'soon' },
      /"reconnect" must be never, backoff, or/,
    ],
    ['invalid TLS options', { url: 'ws://h/', tls: true }, /"tls" must be an object of TLS options/],
    ['an unknown TLS option', { url: 'ws://h/', tls: { pfx: '' } }, /"tls\.pfx" is not a known option/],
  ]
  for (const [what, input, sentence] of bad) {
    it(`refuses ${what} in one sentence`, () => {
      const failure = refusal(input)
      assert.equal(failure.code, 'BAD_SPEC')
      assert.match(failure.message, sentence)
      assert.match(failure.message, /^[^\n]+\.$/)
    })
  }

  it('refuses a URL that is invalid or does not fit the transport', () => {
    for (const input of [
      { url: 'localhost:8080' },
      { url: 'gopher://h/' },
      { url: 'ws://' },
      { url: 'ws://h/', transport: 'sse' },
      { url: 'http://h/', transport: 'websocket' },
    ])
      assert.equal(refusal(input).code, 'BAD_URL')
  })
})
