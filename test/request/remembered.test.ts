import assert from 'node:assert/strict'
import { fillSecrets, hasMask, withoutSecrets } from '../../src/request/remembered.ts'
import { SECRETIVE } from '../support/secretive-spec.ts'

describe('a remembered connection', () => {
  it('is complete again after each secret was asked for by name', async () => {
    const answers: Record<string, string> = {
      'user:password': 'ada:hunter2',
      access_token: 'tok-123',
      Authorization: 'Bearer s3cr3t',
      Cookie: 'sid=s3cr3t',
      subprotocol: 'sub-token',
      'request body': '{"q":"prompt-text"}',
      token: 'opt-s3cr3t',
      'API key': 'key-s3cr3t',
    }
    const asked: string[] = []
    const { proxy: _, ...spec } = SECRETIVE
    const filled = await fillSecrets(withoutSecrets(spec), async (name) => {
      asked.push(name)
      return answers[name] ?? assert.fail(`asked for ${name}`)
    })
    assert.deepEqual(asked, Object.keys(answers))
    assert.deepEqual(filled, {
      ...spec,
      headers: { ...spec.headers, Cookie: 'sid=s3cr3t' },
      tls: { insecure: true },
    })
  })

  it('escapes a secret for its place in the URL', async () => {
    const spec = withoutSecrets({ url: 'wss://u:p@h/?token=t&x=1' })
    const filled = await fillSecrets(spec, async (name) => (name === 'token' ? 'a&b=c#d' : 'u@x:p/q:r'))
    const url = new URL(filled.url)
    assert.equal(url.searchParams.get('token'), 'a&b=c#d')
    assert.equal(url.searchParams.get('x'), '1')
    assert.deepEqual([url.host, decodeURIComponent(url.username)], ['h', 'u@x'])
    assert.equal(decodeURIComponent(url.password), 'p/q:r')
  })

  it('leaves out what is answered with an empty text', async () => {
    const filled = await fillSecrets(withoutSecrets(SECRETIVE), async () => '')
    assert.ok(!hasMask(filled), JSON.stringify(filled))
    assert.equal(filled.url, 'https://example.com/events?topic=a&access_token=')
    assert.deepEqual(filled.headers, { Accept: 'text/event-stream' })
    assert.equal(filled.body, undefined)
  })
})
