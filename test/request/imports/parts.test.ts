/** Parts of imported requests. */
import assert from 'node:assert/strict'
import type { Imported } from '../../../src/request/imports/imported.ts'
import {
  type Credentials,
  encodePart,
  readHeaders,
  sayCredentials,
  withPath,
  withQuery,
} from '../../../src/request/imports/parts.ts'
import { resolveText } from '../variables/disk.ts'
import { textThatReadsBack } from './reads-back.ts'

/** What a request with these credentials is sent with. Secrets have `value of NAME` as values. */
async function sent(credentials: Credentials) {
  const said = sayCredentials(credentials)
  const imported: Imported = {
    variables: said.variables,
    requests: [
      {
        spec: {
          url: withQuery('http://h.example/', said.query),
          headers: readHeaders(said.headers).headers,
        },
        hasPlaceholders: true,
      },
    ],
  }
  const text = textThatReadsBack(imported)
  const { spec } = await resolveText(text, {
    given: { user: 'ada', pass: 'love:lace' },
    answers: { secret: async (name) => `value of ${name}` },
  })
  return { text, spec, notTaken: said.notTaken }
}

describe('the credentials of imported requests', () => {
  it('are those of Basic and Digest, whatever characters and variables they have', async () => {
    const basic = await sent({ kind: 'basic', user: '{{user}}', password: '{{pass}}' })
    assert.deepEqual(basic.spec.headers, { Authorization: `Basic ${btoa('ada:love:lace')}` })
    const digest = await sent({ kind: 'digest', user: '{{user}}', password: '{{pass}}' })
    assert.deepEqual(digest.spec.credentials, { kind: 'digest', user: 'ada', password: 'love:lace' })
    const strange = sayCredentials({ kind: 'basic', user: 'a b', password: 'é' })
    assert.deepEqual(strange.headers, [
      { name: 'Authorization', value: `Basic ${Buffer.from('a b:é').toString('base64')}` },
    ])
    const { notTaken, headers } = sayCredentials({ kind: 'digest', user: 'a b', password: 'c' })
    assert.deepEqual([notTaken.length, headers.length], [1, 0])
  })

  it('never stand in the text', async () => {
    const kinds: readonly Credentials[] = [
      { kind: 'basic', user: 'ada', password: 'b7c91d5e83f2' },
      { kind: 'digest', user: 'ada', password: 'b7c91d5e83f2' },
      { kind: 'bearer', token: 'b7c91d5e83f2' },
      { kind: 'bearer', scheme: 'Studio', token: 'b7c91d5e83f2' },
      { kind: 'key', place: 'header', name: 'X-Studio', value: 'b7c91d5e83f2' },
      { kind: 'key', place: 'header', name: 'X-Api-Key', value: 'b7c91d5e83f2' },
      { kind: 'key', place: 'query', name: 'studio', value: 'b7c91d5e83f2' },
      { kind: 'key', place: 'query', name: 'api_key', value: 'b7c91d5e83f2' },
      { kind: 'key', place: 'cookie', name: 'sid', value: 'b7c91d5e83f2' },
    ]
    for (const credentials of kinds) {
      const { text } = await sent(credentials)
      assert.ok(!text.includes('b7c91d5e83f2'), text)
      assert.match(text, /\{\{\$secret [A-Z_]+\}\}/)
    }
  })

  it('are a sentence if they are not imported', () => {
    assert.deepEqual(sayCredentials({ kind: 'other', name: 'ntlm' }).notTaken, [
      'Its credentials (ntlm) were not imported; add them here.',
    ])
  })
})

describe('the URLs of imported requests', () => {
  it('have values encoded, but neither placeholders nor what is encoded already', () => {
    assert.equal(encodePart('a b{{c d}}é%20/?\ud800'), 'a%20b{{c d}}%C3%A9%20%2F%3F')
    assert.equal(
      withQuery('http://h/?a=1#there', [
        { name: 'b', value: 'x&y' },
        { name: 'c', value: '' },
      ]),
      'http://h/?a=1&b=x%26y&c#there',
    )
    assert.equal(
      withPath('http://h:80/:room/:other/x', [{ name: 'room', value: '{{room}}' }]),
      'http://h:80/{{room}}/:other/x',
    )
  })

  it('have only headers that can be sent', () => {
    const { headers, notTaken } = readHeaders([
      { name: 'A', value: ' 1 ' },
      { name: 'a', value: '2' },
      { name: 'B C', value: '3' },
      { name: 'D', value: 'two\nlines' },
    ])
    assert.deepEqual(headers, { A: ['1', '2'] })
    assert.equal(notTaken.length, 2)
  })
})
