import assert from 'node:assert/strict'
import { formatLine } from '../../src/session/line.ts'
import { redactEvent } from '../../src/session/redact.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'

const base = { connection: 1, time: 0 }
const SECRET = 'S3CR3T'

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

/** Every place of an event that can hold a secret, holding one. */
const EVENTS: RealtimeEvent[] = [
  {
    type: 'connect',
    ...base,
    transport: 'websocket',
    url: `wss://user:${SECRET}@host/?access_token=${SECRET}`,
    attempt: 0,
    headers: { Authorization: `Bearer ${SECRET}`, cookie: [`a=${SECRET}`], 'x-api-key': SECRET },
    subprotocols: ['chat', `base64url.bearer.authorization.k8s.io.${SECRET}`],
    proxy: `http://user:${SECRET}@proxy:8080`,
    tls: {
      key: SECRET,
      cert: `${CERTIFICATE}-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\n`,
      ca: [`password: ${SECRET}\n`, `# ${SECRET}\n${CERTIFICATE}`],
    },
  },
  {
    type: 'open',
    ...base,
    transport: 'websocket',
    status: 101,
    headers: {
      'set-cookie': `a=${SECRET}`,
      location: `/x?token=${SECRET}`,
      refresh: `1; url=http://h/?sig=${SECRET}`,
    },
    httpVersion: '1.1',
    subprotocol: `base64url.bearer.authorization.k8s.io.${SECRET}`,
    redirects: [{ status: 302, location: `https://u:${SECRET}@h/` }],
  },
  {
    type: 'request',
    ...base,
    url: `http://h/?api_key=${SECRET}`,
    headers: { 'proxy-authorization': SECRET },
  },
  {
    type: 'response',
    ...base,
    status: 200,
    headers: { 'x-auth-token': SECRET },
    held: 1,
    empty: true,
    redirects: [{ status: 302, location: `https://u:${SECRET}@h/` }],
  },
  { type: 'error', ...base, code: 'X', message: `Could not reach wss://u:${SECRET}@h/?token=${SECRET}.` },
  { type: 'reconnect', ...base, attempt: 1, delay: 1, reason: `GET http://h/?token=${SECRET} failed` },
]

describe('redaction', () => {
  for (const event of EVENTS)
    it(`leaves no secret in a ${event.type} event, and keeps the rest`, () => {
      const masked = new Set<string>()
      const line = formatLine(redactEvent(event, { masked }))
      assert.ok(!line.includes(SECRET), line)
      assert.ok(line.includes('***'))
      assert.ok(masked.size > 0)
      assert.equal(JSON.parse(line).type, event.type)
    })

  it('collects the names of what it hid', () => {
    const masked = new Set<string>()
    for (const event of EVENTS) redactEvent(event, { masked })
    assert.deepEqual([...masked].map((name) => name.toLowerCase()).sort(), [
      'access_token',
      'api_key',
      'authorization',
      'cookie',
      'proxy-authorization',
      'sec-websocket-protocol',
      'set-cookie',
      'sig',
      'tls.key',
      'token',
      'user:password',
      'x-api-key',
      'x-auth-token',
    ])
  })

  it('reveals what is named, and nothing else; the TLS key never', () => {
    const masked = new Set<string>()
    const event = redactEvent(EVENTS[0] as RealtimeEvent, { masked, reveal: ['authorization', 'tls.key'] })
    assert.ok(event.type === 'connect')
    assert.equal(event.headers?.Authorization, `Bearer ${SECRET}`)
    assert.equal(event.headers?.['x-api-key'], '***')
    assert.equal(event.tls?.key, '***')
    assert.equal(event.tls?.cert, CERTIFICATE)
    assert.deepEqual(event.tls?.ca, ['***', CERTIFICATE])
    assert.ok(!masked.has('Authorization'))
  })

  it('leaves payloads and events without secrets as they are', () => {
    const message: RealtimeEvent = {
      type: 'message',
      ...base,
      direction: 'in',
      payload: Buffer.from(`token=${SECRET}`),
    }
    assert.equal(redactEvent(message, {}), message)
  })
})
