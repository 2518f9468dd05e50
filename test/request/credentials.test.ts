/** Credentials in files of requests: read, remembered without secrets, and written. */
import assert from 'node:assert/strict'
import { printRequest } from '../../src/request/file/print.ts'
import { parseSpec } from '../../src/request/parse-spec.ts'
import type { Credentials } from '../../src/shared/credentials.ts'
import { resolveText } from './variables/disk.ts'

const DIGEST = { kind: 'digest', user: 'ada', password: 'love lace' } as const
const AWS = {
  kind: 'aws',
  ...{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalr/XUt', sessionToken: 't0ken' },
  ...{ region: 'eu-west-1', service: 'execute-api' },
} as const

describe('credentials in a file of requests', () => {
  for (const [value, credentials] of [
    ['Digest ada love lace', DIGEST],
    ['digest ada:love lace', DIGEST],
    ['AWS AKIDEXAMPLE wJalr/XUt token:t0ken region:eu-west-1 service:execute-api', { ...AWS, in: 'header' }],
    [
      'AWS AKIDEXAMPLE wJalr/XUt service:execute-api token:t0ken in:query region:eu-west-1',
      { ...AWS, in: 'query' },
    ],
    ['aws A B', { kind: 'aws', accessKeyId: 'A', secretAccessKey: 'B', in: 'header' }],
  ] as const satisfies readonly (readonly [string, Credentials])[])
    it(`are ${value}`, async () => {
      const { spec } = await resolveText(`WEBSOCKET ws://x/\nAuthorization: ${value}\nX-A: b`)
      assert.deepEqual(spec.credentials, credentials)
      assert.deepEqual(spec.headers, { 'X-A': 'b' })
      const again = await resolveText(printRequest({ spec }))
      assert.deepEqual(again.spec, spec)
    })

  for (const value of [
    'Digest username="ada", realm="x", response="00"',
    'AWS4-HMAC-SHA256 Credential=a, Signature=b',
    'Digest',
    'AWS A',
    'AWS A B other:c',
  ])
    it(`are not ${value}, which is sent as it is`, async () => {
      const { spec } = await resolveText(`GET http://x/\nAuthorization: ${value}`)
      assert.equal(spec.credentials, undefined)
      assert.deepEqual(spec.headers, { Authorization: value })
    })

  it('are remembered with the names of their secrets', async () => {
    const values: Readonly<Record<string, string>> = { P: 'pass', ALL: 'ada pass word' }
    const secret = { answers: { secret: async (name: string) => values[name] ?? '' } }
    const one = await resolveText('ws://x/\nAuthorization: Digest {{$secret P}} {{$secret P}}', secret)
    assert.deepEqual(one.remembered.credentials, {
      kind: 'digest',
      user: '{{$secret P}}',
      password: '{{$secret P}}',
    })
    const whole = await resolveText('ws://x/\nAuthorization: Digest {{$secret ALL}}', secret)
    assert.deepEqual(whole.spec.credentials, { kind: 'digest', user: 'ada', password: 'pass word' })
    assert.deepEqual(whole.remembered.credentials, { kind: 'digest', user: 'ada', password: '***' })
  })

  it('are written as headers, in the URL and as subprotocols', () => {
    const lines = (credentials: Credentials) =>
      printRequest({ spec: { url: 'ws://x/?a=1#b', subprotocols: ['chat'], credentials } })
        .split('\n')
        .slice(1, -1)
    const chat = 'Sec-WebSocket-Protocol: chat'
    assert.deepEqual(lines({ kind: 'basic', user: 'ada', password: 'love lace' }), [
      ...['WEBSOCKET ws://x/?a=1#b', 'Authorization: Basic ada love lace', chat],
    ])
    assert.deepEqual(lines({ kind: 'bearer', token: 'T' }), [
      ...['WEBSOCKET ws://x/?a=1#b', 'Authorization: Bearer T', chat],
    ])
    const key = { kind: 'api-key', name: 'k', value: 'v&w' } as const
    assert.deepEqual(lines({ ...key, in: 'header' }), ['WEBSOCKET ws://x/?a=1#b', 'k: v&w', chat])
    assert.deepEqual(lines({ ...key, in: 'query' }), ['WEBSOCKET ws://x/?a=1&k=v%26w#b', chat])
    assert.deepEqual(lines({ ...key, in: 'subprotocol', value: 'v' }), [
      'WEBSOCKET ws://x/?a=1#b',
      `${chat}, k, v`,
    ])
    assert.throws(() => lines({ ...DIGEST, user: 'a b' }), { code: 'BAD_VALUE' })
  })

  it('cannot be given together with the header that they set', () => {
    const headers = { authorization: 'Bearer x' }
    assert.throws(() => parseSpec({ url: 'ws://x/', headers, credentials: DIGEST }), { code: 'BAD_SPEC' })
    const key = { kind: 'api-key', in: 'subprotocol', name: 'k', value: 'v' }
    assert.throws(() => parseSpec({ url: 'http://x/', credentials: key }), /only WebSockets/)
    assert.throws(
      () => parseSpec({ url: 'ws://x/', credentials: { kind: 'basic', user: 'a:b', password: '' } }),
      {
        message: 'The connection\'s "credentials.user" must have no colon.',
      },
    )
    assert.throws(() => parseSpec({ url: 'ws://x/', credentials: { kind: 'ntlm' } }), /"credentials/)
  })
})
