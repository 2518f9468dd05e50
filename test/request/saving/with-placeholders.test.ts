import assert from 'node:assert/strict'
import { withoutSecrets } from '../../../src/request/remembered.ts'
import { SecretNames } from '../../../src/request/saving/secret-names.ts'
import { textWithPlaceholders, withPlaceholders } from '../../../src/request/saving/with-placeholders.ts'
import { valuesBetween } from '../../../src/request/values-between.ts'
import { assertLinear } from '../../support/linear.ts'
import { SECRETIVE } from '../../support/secretive-spec.ts'

const names = (known: Readonly<Record<string, string>> = {}) =>
  new SecretNames({ prefix: 'chat', known: new Map(Object.entries(known)) })

describe('a connection with placeholders', () => {
  it('has a name for each secret, and no secret', () => {
    const used = names()
    const spec = withPlaceholders(SECRETIVE, used)
    assert.deepEqual(spec, {
      url: 'https://{{$secret CHAT_CREDENTIALS}}@example.com/events?topic=a&access_token={{$secret CHAT_ACCESS_TOKEN}}',
      headers: {
        Authorization: 'Bearer {{$secret CHAT_TOKEN}}',
        Cookie: ['{{$secret CHAT_COOKIE}}'],
        Accept: 'text/event-stream',
      },
      method: 'POST',
      body: '{"q":"prompt-text"}',
      subprotocols: ['bearer', '{{$secret CHAT_SUBPROTOCOL}}'],
      credentials: { kind: 'api-key', in: 'header', name: 'X-Room', value: '{{$secret CHAT_X_ROOM}}' },
      tls: { insecure: true },
      protocol: 'socket.io',
      protocolOptions: { namespace: '/a', auth: { token: '{{$secret CHAT_TOKEN_2}}', user: 'ada' } },
      proxy: 'http://{{$secret CHAT_CREDENTIALS_2}}@proxy:3128',
    })
    assert.deepEqual(Object.fromEntries(used.used), {
      CHAT_CREDENTIALS: 'ada:hunter2',
      CHAT_ACCESS_TOKEN: 'tok-123',
      CHAT_TOKEN: 's3cr3t',
      CHAT_COOKIE: 'sid=s3cr3t',
      CHAT_SUBPROTOCOL: 'sub-token',
      CHAT_X_ROOM: 'key-s3cr3t',
      CHAT_TOKEN_2: 'opt-s3cr3t',
      CHAT_CREDENTIALS_2: 'me:proxy-pass',
    })
  })

  it('asks for the secrets of a recording, which are not known', () => {
    const used = names()
    const spec = withPlaceholders(withoutSecrets(SECRETIVE), used)
    assert.deepEqual(spec.headers, {
      Authorization: '{{$secret CHAT_AUTHORIZATION}}',
      Cookie: ['{{$secret CHAT_COOKIE}}'],
      Accept: 'text/event-stream',
    })
    assert.equal(spec.body, '{{$secret CHAT_BODY}}')
    assert.ok(!JSON.stringify(spec).includes('***'))
    assert.deepEqual([...new Set(used.used.values())], [undefined])
  })

  it('has the names of secrets that are kept, wherever their values are', () => {
    const used = names({ 's3cr3t-value': 'SHOP_TOKEN' })
    const spec = withPlaceholders(
      {
        url: 'ws://h/s3cr3t-value/x',
        headers: { Authorization: 'Bearer s3cr3t-value', 'X-Room': 'a s3cr3t-value b' },
      },
      used,
    )
    assert.deepEqual(spec, {
      url: 'ws://h/{{$secret SHOP_TOKEN}}/x',
      headers: {
        Authorization: 'Bearer {{$secret SHOP_TOKEN}}',
        'X-Room': 'a {{$secret SHOP_TOKEN}} b',
      },
    })
  })

  it('keeps braces that are not placeholders', () => {
    const spec = withPlaceholders({ url: 'ws://h/?x={{a}}' }, names())
    assert.equal(spec.url, 'ws://h/?x={{$braces}}a}}')
  })

  it('has placeholders in messages for what looks like a secret', () => {
    const used = names()
    assert.equal(
      textWithPlaceholders('{"type":"auth","token":"tok-123456","note":"*** bold ***"}', used),
      '{"type":"auth","token":"{{$secret CHAT_TOKEN}}","note":"*** bold ***"}',
    )
    assert.equal(textWithPlaceholders('{"password":"***"}', used), '{"password":"{{$secret CHAT_PASSWORD}}"}')
    assert.deepEqual(
      [...used.used],
      [
        ['CHAT_TOKEN', 'tok-123456'],
        ['CHAT_PASSWORD', undefined],
      ],
    )
  })
})

describe('the values that masks hide', () => {
  it('are found from left to right', () => {
    assert.deepEqual(valuesBetween('a=***&b=***', 'a=1&b=2'), ['1', '2'])
    assert.deepEqual(valuesBetween('***', 'whole'), ['whole'])
    assert.deepEqual(valuesBetween('plain', 'plain'), [])
    assert.deepEqual(valuesBetween('a ***', 'a ***'), ['***'])
  })

  it('are unknown if the texts do not belong together', () => {
    assert.equal(valuesBetween('a=***', 'b=1'), undefined)
    assert.equal(valuesBetween('a=***&c', 'a=1&b'), undefined)
    assert.equal(valuesBetween('******', 'ab'), undefined)
  })

  it('are found in linear time', () => {
    assertLinear(
      'values',
      (size) => [`${'***,'.repeat(size)}`, `${'ab,'.repeat(size)}`] as const,
      ([masked, original]) => valuesBetween(masked, original),
    )
  })
})
