import assert from 'node:assert/strict'
import { httpTextOf } from '../../../src/request/imports/http-text.ts'
import type { Imported } from '../../../src/request/imports/imported.ts'
import { translateBraces, variableName } from '../../../src/request/imports/placeholders.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { textThatReadsBack } from './reads-back.ts'

describe('the text of imported requests', () => {
  it('has variables, requests with unique titles, and what was not imported in comments', () => {
    const imported: Imported = {
      name: 'Chat',
      variables: [{ name: 'host', value: 'chat.example' }],
      notTaken: ['The folder script of Admin runs nowhere else.'],
      requests: [
        {
          title: 'Log in',
          description: 'Logs in.\n@name of the user\n### and more',
          notTaken: ['The test script was left out.'],
          spec: { url: 'https://{{host}}/login', method: 'POST', body: '{"user":"{{user}}"}' },
          values: [{ name: 'token', path: '$.token' }],
          hasPlaceholders: true,
        },
        {
          title: 'Log in',
          spec: { url: 'wss://{{host}}/ws', transport: 'websocket' },
          steps: [
            { kind: 'send', name: 'hi', message: { format: 'text', text: 'hello {{user}}', variables: {} } },
          ],
          hasPlaceholders: true,
        },
      ],
    }
    assert.equal(
      textThatReadsBack(imported),
      `# Chat
# Not imported:
# - The folder script of Admin runs nowhere else.

@host = chat.example

### Log in
# Logs in.
# - @name of the user
# ### and more
# Not imported:
# - The test script was left out.
# @set token = $.token
POST https://{{host}}/login

{"user":"{{user}}"}

### Log in 2
WEBSOCKET wss://{{host}}/ws

# @message hi
hello {{user}}
`,
    )
    assert.deepEqual(httpTextOf(imported).notTaken, [
      'The folder script of Admin runs nowhere else.',
      'Log in: The test script was left out.',
    ])
  })

  it('has names in place of secrets, and says that their values were not written', () => {
    const { text, secrets, notTaken } = httpTextOf({
      name: 'Chat',
      variables: [
        { name: 'token', value: 'abcdef123456' },
        { name: 'plain', value: 'hush-hush', isSecret: true },
        { name: 'auth', value: '{{scheme}}' },
      ],
      requests: [
        {
          title: 'a',
          spec: {
            url: 'https://example.com/?access_token=abcdef123456&room={{room}}',
            headers: {
              Authorization: 'Bearer {{token}}',
              'X-Api-Key': 'key-{{part}}-secret',
              Cookie: 'sid={{sid}}; theme=dark',
            },
          },
          hasPlaceholders: true,
        },
        {
          title: 'b',
          spec: { url: 'https://example.com/{{literal}}', headers: { Authorization: 'Bearer abcdef123456' } },
        },
      ],
    })
    assert.equal(
      text,
      `# Chat
# Not imported:
# - The values of secrets were not written: CHAT_ACCESS_TOKEN, CHAT_X_API_KEY, CHAT_X_API_KEY_2, CHAT_COOKIE, CHAT_PLAIN.

@token = {{$secret CHAT_ACCESS_TOKEN}}
@plain = {{$secret CHAT_PLAIN}}
@auth = {{scheme}}

### a
GET https://example.com/?access_token={{$secret CHAT_ACCESS_TOKEN}}&room={{room}}
Authorization: Bearer {{token}}
X-Api-Key: {{$secret CHAT_X_API_KEY}}{{part}}{{$secret CHAT_X_API_KEY_2}}
Cookie: sid={{sid}}{{$secret CHAT_COOKIE}}

### b
GET https://example.com/{{$braces}}literal}}
Authorization: Bearer {{$secret CHAT_ACCESS_TOKEN}}
`,
    )
    assert.doesNotMatch(text, /abcdef123456|hush-hush|secret-|theme=dark/)
    assert.equal(secrets.get('CHAT_ACCESS_TOKEN'), 'abcdef123456')
    assert.equal(notTaken.length, 1)
  })

  it('has a file in place of a body, and files of certificates', () => {
    const text = textThatReadsBack({
      requests: [
        {
          title: 'upload',
          spec: { url: 'https://example.com/', method: 'POST' },
          bodyFile: 'data/body.json',
          tlsFiles: [{ name: 'ca', value: 'ca.pem' }],
        },
      ],
    })
    assert.equal(text, '### upload\n# @option ca ca.pem\nPOST https://example.com/\n\n< data/body.json\n')
  })

  it('says why a request cannot be written', () => {
    const { text, notTaken } = httpTextOf({
      requests: [
        { title: 'broken', spec: { url: 'https://example.com/', method: 'POST', body: '\ud800' } },
        { spec: { url: 'https://example.com/feed?a=1' } },
      ],
    })
    assert.match(text, /^# Not imported:\n# - broken was not written: .*\n\n### example.com\/feed\n/)
    assert.equal(notTaken.length, 1)
  })

  it('says which variables have several values, and keeps the last one', () => {
    const { text, notTaken } = httpTextOf({
      variables: [
        { name: 'a', value: '1' },
        { name: 'b', value: '1' },
        { name: 'a', value: '2' },
        { name: 'b', value: '1' },
      ],
      requests: [{ spec: { url: 'http://h.example/' } }],
    })
    assert.deepEqual(notTaken, ['Of variables with several values, only the last one was imported: a.'])
    assert.match(text, /^@a = 2\n@b = 1$/m)
  })

  it('is not made of nothing', () => {
    assert.throws(
      () => httpTextOf({ requests: [], notTaken: ['It is a gRPC collection.'] }),
      (thrown) => thrown instanceof Failure && /gRPC collection/.test(thrown.message),
    )
  })
})

describe('the placeholders of other programs', () => {
  it('become variables with names that a file of requests allows', () => {
    assert.deepEqual(['host', 'base url', '1st', 'a/b', ' x ', '***'].map(variableName), [
      'host',
      'base_url',
      '_1st',
      'a_b',
      'x',
      '',
    ])
  })

  it('are text where they mean nothing', () => {
    const text = translateBraces('a {{x}} {{1+1}} {{', (inside) => (inside === 'x' ? '{{y}}' : undefined))
    assert.equal(text, 'a {{y}} {{$braces}}1+1}} {{$braces}}')
  })
})
