import assert from 'node:assert/strict'
import { withoutSecrets } from '../../src/request/remembered.ts'
import {
  fillSecretPlaceholders,
  onlySecretPlaceholders,
  withoutSecretPlaceholders,
} from '../../src/request/secret-placeholders.ts'
import { secretValues } from '../../src/request/secret-values.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'

const SPEC: ConnectionSpec = {
  url: 'wss://h/?token={{$secret CHAT_TOKEN}}&api_key=literal',
  headers: {
    Authorization: 'Bearer {{$secret CHAT_TOKEN}}',
    Cookie: ['a={{$secret A}}; b=literal'],
    'X-Room': 'a',
  },
  subprotocols: ['bearer', '{{$secret SUB}}'],
}

describe('placeholders of secrets', () => {
  it('are remembered, and what is beside them is not', () => {
    assert.deepEqual(withoutSecrets(SPEC), {
      url: 'wss://h/?token={{$secret CHAT_TOKEN}}&api_key=***',
      headers: { Authorization: 'Bearer {{$secret CHAT_TOKEN}}', Cookie: ['***'], 'X-Room': 'a' },
      subprotocols: ['bearer', '{{$secret SUB}}'],
    })
  })

  it('are not among the secrets of a connection', () => {
    assert.deepEqual(secretValues({ url: 'wss://h/?token={{$secret T}}' }), {})
  })

  it('are filled with one answer for each name', async () => {
    const asked: string[] = []
    const { spec, secrets } = await fillSecretPlaceholders(SPEC, async (name) => {
      asked.push(name)
      return `<${name}>`
    })
    assert.deepEqual(asked, ['CHAT_TOKEN', 'A', 'SUB'])
    assert.deepEqual(secrets, ['<CHAT_TOKEN>', '<A>', '<SUB>'])
    assert.deepEqual(spec, {
      url: 'wss://h/?token=<CHAT_TOKEN>&api_key=literal',
      headers: { Authorization: 'Bearer <CHAT_TOKEN>', Cookie: ['a=<A>; b=literal'], 'X-Room': 'a' },
      subprotocols: ['bearer', '<SUB>'],
    })
  })

  it('are the only ones that stay: others need the request', () => {
    const spec = onlySecretPlaceholders({ url: 'ws://h/{{room}}/{{$secret T}}?a={{$password P}}' })
    assert.equal(spec.url, 'ws://h/***/{{$secret T}}?a=***')
  })

  it('of somebody else are never filled', () => {
    const spec = withoutSecretPlaceholders({
      url: 'ws://h/?q={{$secret T}}',
      headers: { A: '{{ $secret T }}' },
    })
    assert.deepEqual(spec, { url: 'ws://h/?q=***', headers: { A: '***' } })
  })
})
