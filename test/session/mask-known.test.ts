import assert from 'node:assert/strict'
import { maskingOf } from '../../src/session/payload-masks.ts'
import { redactEvent } from '../../src/session/redact.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { KnownSecrets } from '../../src/shared/secrets/known-secrets.ts'

const base = { connection: 1, time: 1234.5 }

function redacted(event: RealtimeEvent, values: readonly string[], reveal: readonly string[] = []) {
  const secrets = new KnownSecrets()
  secrets.add(values)
  return redactEvent(event, maskingOf({ secrets, reveal }))
}

function message(payload: string | Uint8Array): RealtimeEvent {
  return { type: 'message', ...base, direction: 'in', payload: Buffer.from(payload), wireSize: 9 }
}

describe('secrets whose values are known', () => {
  it('are masked in every text of an event, and only there', () => {
    const event: RealtimeEvent = {
      ...{ type: 'connect', ...base, transport: 'websocket', attempt: 0 },
      url: 'ws://host/1234/a%20b%2Fc?q=a+b%2Fc',
      headers: { 'x-plain': 'id 1234', 'x-list': ['1', 'a b/c'] },
      body: { base64: Buffer.from('\x001234').toString('base64') },
      protocolOptions: { deep: [{ text: '1234', number: 1234 }] },
    }
    assert.deepEqual(redacted(event, ['1234', 'a b/c']), {
      ...event,
      url: 'ws://host/***/***?q=***',
      headers: { 'x-plain': 'id ***', 'x-list': ['1', '***'] },
      body: { base64: Buffer.from('\0****').toString('base64') },
      protocolOptions: { deep: [{ text: '***', number: 1234 }] },
    })
  })

  it('are masked in payloads of text and bytes, as they are and as JSON has them', () => {
    const masked = redacted(message('["s3\\"x","s3\\"x",1]'), ['s3"x'])
    assert.ok('payload' in masked)
    assert.equal(Buffer.from(masked.payload).toString(), '["*****","*****",1]')
    assert.deepEqual(masked.extra, { originalSize: 19, masked: true })
    assert.equal('wireSize' in masked && masked.wireSize, 9)

    const bytes = redacted(message(Buffer.from([0xff, 0x73, 0x33, 0x63, 0x72, 0])), ['s3cr'])
    assert.ok('payload' in bytes)
    assert.deepEqual([...bytes.payload], [0xff, 0x2a, 0x2a, 0x2a, 0x2a, 0])
  })

  it('are masked whole if one is the beginning of another', () => {
    const masked = redacted(message('secret secret-2'), ['secret', 'secret-2'])
    assert.ok('payload' in masked)
    assert.equal(Buffer.from(masked.payload).toString(), '****** ********')
  })

  it('stay in a header that is revealed, and leave other events as they are', () => {
    const event: RealtimeEvent = {
      ...{ type: 'connect', ...base, transport: 'sse', attempt: 0, url: 'http://host/' },
      headers: { Authorization: 'Bearer s3cret' },
    }
    assert.deepEqual(redacted(event, ['s3cret'], ['authorization']), event)
    assert.equal(redacted(message('nothing'), ['s3cret']).type, 'message')
    const plain = message('nothing')
    assert.deepEqual(redacted(plain, ['s3cret']), plain)
    assert.equal(redacted(plain, []), plain)
  })

  it('may become known later', () => {
    const secrets = new KnownSecrets()
    const masking = maskingOf({ secrets })
    const first = message('s3cret')
    assert.equal(redactEvent(first, masking), first)
    secrets.add(['s3cret'])
    assert.notDeepEqual(redactEvent(first, masking), first)
  })
})
