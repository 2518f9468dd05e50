import assert from 'node:assert/strict'
import { formatLine } from '../../src/session/line.ts'
import { redactEvent } from '../../src/session/redact.ts'
import type { ConnectEvent, RealtimeEvent } from '../../src/shared/event.ts'

const base = { connection: 1, time: 0 }
const SECRET = 'S3CR3T'

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

/** Events with a secret in every place that can contain one. */
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
    body: `grant_type=a&client_secret=${SECRET}&code=${SECRET}`,
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
    cursor: SECRET,
  },
  {
    type: 'response',
    ...base,
    status: 200,
    headers: { 'x-auth-token': SECRET },
    held: 1,
    empty: true,
    cursor: SECRET,
    redirects: [{ status: 302, location: `https://u:${SECRET}@h/` }],
  },
  { type: 'error', ...base, code: 'X', message: `Could not reach wss://u:${SECRET}@h/?token=${SECRET}.` },
  {
    type: 'reconnect',
    ...base,
    attempt: 1,
    delay: 1,
    reason: `GET http://h/?token=${SECRET} failed`,
    cursor: `https://h/next?sid=${SECRET}`,
    lastEventId: `eyJhbGciOiJub25lIn0.${SECRET}`,
  },
  { type: 'close', ...base, code: 4401, by: 'server', reason: `expired: {"token":"${SECRET}"}` },
]

describe('redaction', () => {
  for (const event of EVENTS)
    it(`masks every secret in a ${event.type} event, and keeps the rest`, () => {
      const masked = new Set<string>()
      const line = formatLine(redactEvent(event, { masked }))
      assert.ok(!line.includes(SECRET), line)
      assert.ok(line.includes('***'))
      assert.ok(masked.size > 0)
      assert.equal(JSON.parse(line).type, event.type)
    })

  it('collects the names of masked secrets', () => {
    const masked = new Set<string>()
    for (const event of EVENTS) redactEvent(event, { masked })
    assert.deepEqual([...masked].map((name) => name.toLowerCase()).sort(), [
      'access_token',
      'api_key',
      'authorization',
      'client_secret',
      'code',
      'cookie',
      'proxy-authorization',
      'sec-websocket-protocol',
      'set-cookie',
      'sid',
      'sig',
      'tls.key',
      'token',
      'user:password',
      'x-api-key',
      'x-auth-token',
    ])
  })

  it('reveals only what is named, but never the TLS key', () => {
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

  it('does not mask the cursor of a poll if it is not a secret', () => {
    const request: RealtimeEvent = {
      type: 'request',
      ...base,
      url: 'http://h/?since=7',
      headers: {},
      cursor: '7',
    }
    assert.deepEqual(redactEvent(request, {}), request)
    const reconnect: RealtimeEvent = {
      type: 'reconnect',
      ...base,
      attempt: 1,
      delay: 1,
      reason: 'connection lost',
      cursor: '"5f3a-17" Sat, 28 Nov 2026 17:00:00 GMT',
      lastEventId: 's72595_4483_1934',
    }
    assert.deepEqual(redactEvent(reconnect, {}), reconnect)
  })

  it('masks members of a JSON body, and keeps the rest', () => {
    const body = '{"model":"a", "password": "S3CR3T", "code": 4, "messages": [{"role":"user"}]}'
    const event = redactEvent({ ...(EVENTS[0] as ConnectEvent), body }, {}) as ConnectEvent
    assert.equal(event.body, body.replace('S3CR3T', '***'))
  })

  it('does not change payloads and events without secrets', () => {
    const message: RealtimeEvent = {
      type: 'message',
      ...base,
      direction: 'in',
      payload: Buffer.from(`token=${SECRET}`),
    }
    assert.equal(redactEvent(message, {}), message)
  })
})
