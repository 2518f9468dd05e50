import assert from 'node:assert/strict'
import { InvalidArgumentError } from 'commander'
import * as values from '../../src/cli/values.ts'

function refuses(read: (text: string) => unknown, texts: readonly string[]): void {
  for (const text of texts) assert.throws(() => read(text), InvalidArgumentError, JSON.stringify(text))
}

describe('option values', () => {
  it('reads whole numbers within their bounds only', () => {
    const read = values.integer(1, 100, 'milliseconds')
    assert.equal(read('1'), 1)
    assert.equal(read('100'), 100)
    refuses(read, ['0', '101', '-1', '1.5', '1e2', '0x10', '', ' 1', '١', '99999999999999999999'])
  })

  it('reads seconds, fractions allowed, as milliseconds', () => {
    assert.equal(values.seconds('2'), 2000)
    assert.equal(values.seconds('0.25'), 250)
    assert.equal(values.seconds('.5'), 500)
    refuses(values.seconds, ['0', '-1', '1s', '', '.', '2147484', 'Infinity', 'NaN'])
  })

  it('reads how many times as fast', () => {
    assert.equal(values.speed('max'), Number.POSITIVE_INFINITY)
    assert.equal(values.speed('4'), 4)
    assert.equal(values.speed('.5'), 0.5)
    assert.equal(values.speed('0.01'), 0.01)
    assert.equal(values.speed('10000'), 10_000)
    refuses(values.speed, ['0', '0.009', '10001', '-1', 'Infinity', '1e2', '4x', '', 'MAX'])
  })

  it('reads a reconnect policy', () => {
    assert.equal(values.reconnect('never'), 'never')
    assert.equal(values.reconnect('backoff'), 'backoff')
    assert.equal(values.reconnect('0'), 0)
    assert.equal(values.reconnect('1500'), 1500)
    refuses(values.reconnect, ['always', '-1', '1.5', '', '9999999999'])
  })

  it('reads a header with what surrounds its value trimmed', () => {
    assert.deepEqual(values.header('X-Name: value: with colon'), ['X-Name', 'value: with colon'])
    assert.deepEqual(values.header('X-Name:\t spaced  '), ['X-Name', 'spaced'])
    assert.deepEqual(values.header('X-Empty:'), ['X-Empty', ''])
    assert.deepEqual(values.header('X-Latin: é'), ['X-Latin', 'é'])
  })

  it('refuses a header that is none, or that would smuggle in another', () => {
    refuses(values.header, [
      'no colon',
      ': value',
      'na me: x',
      'X: a\r\nY: b',
      'X: a\nb',
      'X: \0',
      'X: ☃',
      '',
    ])
  })

  it('reads a cursor as the poll does that resumes by it', () => {
    for (const text of [
      'auto',
      'none',
      'header:X-Consul-Index:index',
      'json:/next_batch:since',
      'json:/a~1b/0:since',
    ])
      assert.equal(values.cursor(text), text)
    refuses(values.cursor, [
      '',
      'etag',
      'header:X',
      'header::p',
      'header:X:',
      'json:next:since',
      'json:/a~2:since',
      'json:/a',
      'json:/a:',
      'json:',
      'json::since',
    ])
  })

  it('reads a proxy URL of a scheme a proxy can have', () => {
    assert.equal(values.proxy('http://127.0.0.1:3128'), 'http://127.0.0.1:3128')
    refuses(values.proxy, ['127.0.0.1:3128', 'socks5://x', 'ftp://x', ''])
  })

  it('adds up what is given more than once', () => {
    const read = values.repeated(values.subprotocol)
    assert.deepEqual(read('b', read('a', undefined)), ['a', 'b'])
    refuses((text) => read(text, undefined), ['a b', 'a,b', ''])
  })
})
