/** Client certificates by host, with an nginx that asks for one. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hub } from '../../src/engine/hub.ts'
import { startClock } from '../../src/shared/clock.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { HostCertificates } from '../../src/shared/host-certificates.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { certificates } from '../support/tls.ts'
import { type Nginx, startNginx } from './nginx.ts'

const { ca, server, client, selfSigned } = certificates()

const NEEDED =
  /answered 400 Bad Request: No required SSL certificate was sent; the server requires a client certificate, so give one/

describe('an nginx that asks for a client certificate', () => {
  let nginx: Nginx
  const hubs: Hub[] = []

  before(async () => {
    const backend = await serveWebSocket((socket) => socket.close(1000))
    nginx = await startNginx({
      isTls: true,
      files: { 'server.pem': server.cert, 'server.key': server.key, 'ca.pem': ca },
      server: `
        ssl_certificate server.pem;
        ssl_certificate_key server.key;
        ssl_client_certificate ca.pem;
        ssl_verify_client on;
        location / { return 200 "$ssl_client_s_dn"; }
        location /away { return 302 https://localhost:$server_port/; }
        location /chat {
          proxy_pass ${backend.replace('ws:', 'http:')};
          proxy_http_version 1.1;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection upgrade;
        }`,
    })
  })
  afterEach(async () => {
    await Promise.all(hubs.splice(0).map((hub) => hub.disconnectAll()))
  })
  after(async () => {
    await nginx.stop()
    closeServers()
    removeTempDirs()
  })

  /** Connects, with these certificates in the settings. Resolves with what came: the status, the body, the error. */
  async function connect(
    url: string,
    certificates: readonly HostCertificates[],
    tls: ConnectionSpec['tls'] = {},
  ): Promise<{ readonly status: number | undefined; readonly body: string; readonly error: string }> {
    const events: RealtimeEvent[] = []
    const hub = new Hub({
      clock: startClock(),
      network: { noProxy: '*', certificates },
      sink: {
        append(event) {
          events.push(event)
          return true
        },
        onWritable: queueMicrotask,
      },
    })
    hubs.push(hub)
    const spec = { url, tls: { ca: [ca], ...tls }, plainResponse: true, reconnect: 'never' } as const
    const { reason } = await hub.connect(spec).done
    const open = events.find((event) => event.type === 'open')
    const message = events.find((event) => event.type === 'message')
    const error = events.find((event) => event.type === 'error')
    return {
      status: open?.status,
      body: message === undefined ? '' : Buffer.from(message.payload).toString(),
      error: error?.message ?? (open === undefined ? reason : ''),
    }
  }

  const own: HostCertificates = { host: '127.0.0.1', ...client }

  it('opens a WebSocket and answers with the certificate of the settings', async () => {
    assert.equal((await connect(`wss://${nginx.host}/chat`, [own])).status, 101)
    assert.deepEqual(await connect(`https://${nginx.host}/`, [own]), {
      status: 200,
      body: 'CN=client',
      error: '',
    })
  })

  it('also trusts the authorities of the settings', async () => {
    const trusting = await connect(`https://${nginx.host}/`, [{ ...own, ca: [ca] }], { ca: [] })
    assert.equal(trusting.status, 200)
    const { error } = await connect(`https://${nginx.host}/`, [own], { ca: [] })
    assert.match(error, /authority|not trusted|self-signed|certificate/)
  })

  it('refuses others with a sentence that says what it needs', async () => {
    assert.match((await connect(`wss://${nginx.host}/chat`, [])).error, NEEDED)
    assert.match((await connect(`https://${nginx.host}/`, [])).error, NEEDED)
    const wrong = await connect(`https://${nginx.host}/`, [], selfSigned)
    assert.match(wrong.error, /The SSL certificate error; the server does not accept the client certificate/)
  })

  it('does not get the certificate of another host', async () => {
    const there = `localhost:${nginx.port}`
    assert.match((await connect(`wss://${there}/chat`, [own])).error, NEEDED)
    assert.match((await connect(`https://${there}/`, [own])).error, NEEDED)
    assert.match((await connect(`https://${nginx.host}/`, [{ ...own, host: '127.0.0.1:1' }])).error, NEEDED)
  })

  it('gets at the target of a redirect only the certificate for that host', async () => {
    assert.match((await connect(`https://${nginx.host}/away`, [own])).error, NEEDED)
    const both = await connect(`https://${nginx.host}/away`, [own, { host: 'localhost', ...client }])
    assert.equal(both.body, 'CN=client')
    // The certificate of the specification is only for its URL.
    assert.match((await connect(`https://${nginx.host}/away`, [], client)).error, NEEDED)
  })

  it('gets the certificate of the connection rather than that of the settings', async () => {
    const { error } = await connect(`https://${nginx.host}/`, [own], selfSigned)
    assert.match(error, /The SSL certificate error/)
  })

  it('accepts a PKCS #12 file and an encrypted key, with their passphrases', async () => {
    const pkcs12 = ['pkcs12', '-export', '-passout', 'pass:swordfish']
    const file = join(tempDir(), 'client.pem')
    writeFileSync(file, client.cert + client.key)
    const pfx = execFileSync('openssl', [...pkcs12, '-in', file]).toString('base64')
    const url = `https://${nginx.host}/`
    const host = '127.0.0.1'
    assert.equal((await connect(url, [{ host, pfx, passphrase: 'swordfish' }])).body, 'CN=client')
    assert.match((await connect(url, [{ host, pfx, passphrase: 'wrong' }])).error, /cannot be used/)
    const pkcs8 = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'pass:swordfish']
    const key = execFileSync('openssl', pkcs8, { input: client.key }).toString()
    const { cert } = client
    assert.equal((await connect(url, [{ host, cert, key, passphrase: 'swordfish' }])).body, 'CN=client')
    assert.equal((await connect(url, [], { cert, key, passphrase: 'swordfish' })).body, 'CN=client')
    assert.match(
      (await connect(url, [], { cert, key })).error,
      /key .* is encrypted, and its passphrase is not known/,
    )
  })

  it('is not connected to with certificates that have a problem', async () => {
    const { error } = await connect(`https://${nginx.host}/`, [
      { host: '127.0.0.1', problem: 'No file x.pem.' },
    ])
    assert.match(error, /The certificates for 127\.0\.0\.1 cannot be used\. No file x\.pem\./)
  })
})
