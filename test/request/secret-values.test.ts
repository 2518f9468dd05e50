import assert from 'node:assert/strict'
import { fillSecrets, forEditing, withoutSecrets } from '../../src/request/remembered.ts'
import { knownOr, secretValues } from '../../src/request/secret-values.ts'
import { isWords, matchesWords } from '../../src/request/typed-url.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { SECRETIVE } from '../support/secretive-spec.ts'

const never = (name: string) => assert.fail(`asked for ${name}`)

describe('the secrets of a connection', () => {
  it('complete it again, each in its place', async () => {
    const { tls: _, ...spec } = SECRETIVE
    const filled = await fillSecrets(withoutSecrets(spec), knownOr(secretValues(spec), never))
    const url = (text: string) => decodeURIComponent(text)
    assert.deepEqual(
      { ...filled, url: url(filled.url) },
      {
        ...spec,
        url: url(spec.url),
        headers: { ...spec.headers, Cookie: 'sid=s3cr3t' },
      },
    )
  })

  it('are none without secrets, and are asked for if they are not known', async () => {
    assert.deepEqual(secretValues({ url: 'ws://h/?x=1', headers: { Accept: 'a' } }), {})
    const spec: ConnectionSpec = { url: 'ws://h/?token=a', headers: { Cookie: 'b' } }
    const { Cookie, ...known } = secretValues(spec)
    assert.deepEqual(Cookie, ['b'])
    const asked: string[] = []
    const filled = await fillSecrets(
      withoutSecrets(spec),
      knownOr(known, async (name) => {
        asked.push(name)
        return 'c'
      }),
    )
    assert.deepEqual(asked, ['Cookie'])
    assert.deepEqual(filled, { url: 'ws://h/?token=a', headers: { Cookie: 'c' } })
  })

  it('are not in what a form shows, but a harmless body is', () => {
    const shown = JSON.stringify(forEditing(SECRETIVE))
    for (const secret of ['hunter2', 's3cr3t', 'tok-123', 'PRIVATE-KEY', 'sub-token', 'proxy-pass'])
      assert.ok(!shown.includes(secret), secret)
    assert.equal(forEditing({ url: 'http://h/', body: '{"q":"acme"}' }).body, '{"q":"acme"}')
    for (const body of ['{"password":"hunter2"}', 'password=hunter2&x=1'])
      assert.equal(forEditing({ url: 'http://h/', body }).body, '***')
  })
})

describe('words in place of a URL', () => {
  it('are text with spaces, or a word that is not a host with a port', () => {
    for (const typed of ['chat', 'chat room', 'my chat dev']) assert.ok(isWords(typed), typed)
    for (const typed of ['', 'localhost', 'localhost:80', 'a.b', 'ws://chat', 'chat/x', '[::1]'])
      assert.ok(!isWords(typed), typed)
  })

  it('are found in any order and case', () => {
    assert.ok(matchesWords('DEV chat', ['ws://h/chat?room=dev']))
    assert.ok(!matchesWords('chat ops', ['ws://h/chat?room=dev']))
  })
})
