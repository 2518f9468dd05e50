import assert from 'node:assert/strict'
import { type OptionName, readOption } from '../../src/request/options.ts'

function refuses(name: OptionName, texts: readonly string[]): void {
  for (const text of texts)
    assert.throws(
      () => readOption(name, text),
      { code: 'BAD_VALUE', message: /^It must .*\.$/ },
      JSON.stringify(text),
    )
}

describe('the options of a request', () => {
  it('reads a reconnect policy', () => {
    assert.equal(readOption('reconnect', 'never'), 'never')
    assert.equal(readOption('reconnect', 'backoff'), 'backoff')
    assert.equal(readOption('reconnect', '0'), 0)
    assert.equal(readOption('reconnect', '1500'), 1500)
    refuses('reconnect', ['always', '-1', '1.5', '', '9999999999'])
  })

  it('reads a header and trims its value', () => {
    assert.deepEqual(readOption('header', 'X-Name: value: with colon'), ['X-Name', 'value: with colon'])
    assert.deepEqual(readOption('header', 'X-Name:\t spaced  '), ['X-Name', 'spaced'])
    assert.deepEqual(readOption('header', 'X-Empty:'), ['X-Empty', ''])
    assert.deepEqual(readOption('header', 'X-Latin: é'), ['X-Latin', 'é'])
  })

  it('refuses an invalid header, and one that would add another', () => {
    refuses('header', ['no colon', ': value', 'na me: x', 'X: a\r\nY: b', 'X: a\nb', 'X: \0', 'X: ☃', ''])
  })

  it('reads every form of a cursor', () => {
    for (const text of [
      'auto',
      'none',
      'header:X-Consul-Index:index',
      'json:/next_batch:since',
      'json:/a~1b/0:since',
    ])
      assert.equal(readOption('cursor', text), text)
    refuses('cursor', [
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

  it('reads the URL of a proxy', () => {
    assert.equal(readOption('proxy', 'http://127.0.0.1:3128'), 'http://127.0.0.1:3128')
    refuses('proxy', ['127.0.0.1:3128', 'socks4://x', 'ftp://x', ''])
  })
})
