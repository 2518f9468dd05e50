import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import { isPrivate } from '../../../../src/diagnose/rules/stream/hosts.ts'
import { insecure } from '../../../../src/diagnose/rules/stream/insecure.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { isLoopback } from '../../../../src/shared/loopback.ts'
import { closeServers, serveHttp, serveWebSocket } from '../../../support/loopback.ts'
import { type Certificate, certificates } from '../../../support/tls.ts'
import { EVENT_STREAM } from './feed.ts'
import { record, recorded } from './support.ts'

const DAY = 24 * 60 * 60 * 1000

const opened = (url: string, protocol = 'TLSv1.3'): RealtimeEvent[] => [
  { type: 'connect', connection: 1, time: 0, transport: 'auto', url, attempt: 0 },
  {
    ...{ type: 'open', connection: 1, time: 5, transport: 'sse', headers: {} },
    ...(url.startsWith('https') && {
      tls: { protocol, cipher: 'AES', validTo: '2027-11-30T00:00:00Z' },
    }),
  },
]
const STARTED = Date.parse('2026-11-30T00:00:00Z')
const found = async (url: string, protocol?: string) =>
  (await recorded(opened(url, protocol), STARTED).find(insecure)).map(
    ({ severity, title }) => `${severity}: ${title}`,
  )

describe('the rule insecure', () => {
  afterEach(closeServers)

  it('finds connections without TLS that leave the machine', async () => {
    assert.deepEqual(await found('ws://feed.example/ticks'), [
      'warning: ws: to feed.example is not encrypted',
    ])
    assert.deepEqual(await found('http://192.168.1.7/'), ['info: http: to 192.168.1.7 is not encrypted'])
    for (const url of [
      'wss://feed.example/',
      'https://feed.example/',
      'ws://localhost:8080/',
      'http://[::1]/',
    ])
      assert.deepEqual(await found(url), [], url)
  })

  it('knows hosts on the machine and in private networks', () => {
    for (const host of ['localhost', 'app.localhost', '127.0.0.1', '127.9.9.9', '[::1]', '[::ffff:7f00:1]'])
      assert.ok(isLoopback(host), host)
    for (const host of ['localhost.example', '128.0.0.1', '[::2]', '127.example.com', 'notlocalhost'])
      assert.ok(!isLoopback(host), host)
    for (const host of [
      '10.1.2.3',
      '172.31.0.1',
      '169.254.1.1',
      '[fe80::1]',
      '[fd00::1]',
      'nas',
      'printer.local',
    ])
      assert.ok(isPrivate(host), host)
    for (const host of ['11.1.2.3', '172.32.0.1', '[2001:db8::1]', 'example.com', 'local.example'])
      assert.ok(!isPrivate(host), host)
  })

  it('finds a token in the URL of a live connection, and does not show it', async () => {
    const url = await serveWebSocket((socket) => socket.send('hello'))
    const session = await record({ url: `${url}?room=7&access_token=hush-hush` }, { messages: 1 })
    const findings = await session.find(insecure)
    assert.deepEqual(
      findings.map(({ severity, title, evidence }) => [severity, title, evidence]),
      [['info', 'The URL contains the secret access_token', { in: 'access_token' }]],
    )
    // Its threshold is one for certificates.
    assert.equal(findings[0]?.threshold, undefined)
    assert.doesNotMatch(JSON.stringify(findings), /hush/)
    const plain = await record({ url: `${url}?room=7` }, { messages: 1 })
    assert.deepEqual(await plain.find(insecure), [])
  })

  it('finds user information, and leaves the session ID of Engine.IO', async () => {
    assert.deepEqual(await found('https://***@feed.example/'), ['warning: The URL contains credentials'])
    assert.deepEqual(await found('wss://feed.example/socket.io/?EIO=4&transport=websocket&sid=***'), [])
  })

  it('finds versions of TLS that are not to be used', async () => {
    assert.deepEqual(await found('https://feed.example/', 'TLSv1.1'), ['warning: TLSv1.1 is outdated'])
    assert.deepEqual(await found('https://feed.example/', 'TLSv1.2'), [])
  })

  it('finds certificates that have expired, or will', async () => {
    const titles = async ({ cert, key }: Certificate, threshold?: number) => {
      const url = await serveHttp((_request, response) => {
        response.writeHead(200, EVENT_STREAM)
        response.end('data: 1\n\n')
      }, createServer({ cert, key }))
      const spec = {
        url: url.replace('http:', 'https:'),
        transport: 'sse',
        tls: { insecure: true },
        reconnect: 'never',
      } as const
      const session = await record(spec, { hasEnded: true })
      return (await session.find(insecure, threshold)).map(
        ({ severity, title }) => `${severity}: ${title?.slice(0, 23)}`,
      )
    }
    const { server, expired } = certificates()
    assert.deepEqual(await titles(expired), ['error: The certificate expired'])
    // The certificates of tests are valid for two days.
    assert.deepEqual(await titles(server), ['warning: The certificate expires'])
    assert.deepEqual(await titles(server, DAY), [])
  })
})
