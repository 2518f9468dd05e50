import assert from 'node:assert/strict'
import { createSecureServer } from 'node:http2'
import { createServer, type ServerOptions } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { afterEach, describe, it } from 'mocha'
import { ask, readAll } from '../../support/exchange.ts'
import { closeServers, listen, serveHttp } from '../../support/loopback.ts'
import { certificates } from '../../support/tls.ts'

async function serveTls(options: ServerOptions): Promise<string> {
  const server = createServer(options, (request, response) => {
    response.end(String((request.socket as TLSSocket).getPeerCertificate()?.subject?.CN ?? 'nobody'))
  })
  server.on('tlsClientError', () => {})
  return `https://127.0.0.1:${await listen(server)}/`
}

const { ca, server, client, expired, otherHost, selfSigned } = certificates()

describe('TLS', () => {
  afterEach(closeServers)

  it('accepts a certificate of a given authority, and reports what was negotiated', async () => {
    const response = await ask(await serveTls(server), { spec: { tls: { ca: [ca] } } })
    assert.equal((await readAll(response)).text, 'nobody')
    assert.match(response.tls?.protocol ?? '', /^TLSv1\.[23]$/)
    assert.match(response.tls?.cipher ?? '', /^TLS_/)
    assert.ok(Date.parse(response.tls?.validTo ?? '') > Date.now())
    assert.ok((response.timing?.tls ?? 0) > 0 && (response.timing?.tcp ?? 0) > 0)
  })

  const refused = [
    [
      'an unknown authority',
      server,
      /UNABLE_TO|SELF_SIGNED/,
      /not known|not trusted|without the certificate of/,
    ],
    ['a self-signed certificate', selfSigned, /DEPTH_ZERO_SELF_SIGNED_CERT/, /self-signed/],
  ] as const
  for (const [what, certificate, code, sentence] of refused) {
    it(`rejects ${what} with a sentence that says what to try`, async () => {
      const url = await serveTls(certificate)
      await assert.rejects(ask(url), (error: { code: string; message: string }) => {
        assert.match(error.code, code)
        assert.match(error.message, sentence)
        assert.match(error.message, /--ca\).*--insecure\)/)
        return true
      })
    })
  }

  it('rejects an expired certificate, and one for another host', async () => {
    const spec = { tls: { ca: [ca] } }
    await assert.rejects(ask(await serveTls(expired), { spec }), { code: 'CERT_HAS_EXPIRED' })
    await assert.rejects(ask(await serveTls(otherHost), { spec }), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      message: /for another host/,
    })
  })

  it('accepts any certificate if the spec or the editor says so', async () => {
    for (const certificate of [selfSigned, expired, otherHost]) {
      const url = await serveTls(certificate)
      assert.equal((await readAll(await ask(url, { spec: { tls: { insecure: true } } }))).end.complete, true)
      const lax = await ask(url, { network: { noProxy: '*', strictTls: false } })
      assert.equal((await readAll(lax)).end.complete, true)
    }
  })

  it('presents a client certificate', async () => {
    const url = await serveTls({ ...server, ca, requestCert: true, rejectUnauthorized: true })
    const response = await ask(url, { spec: { tls: { ca: [ca], ...client } } })
    assert.equal((await readAll(response)).text, 'client')
    await assert.rejects(ask(url, { spec: { tls: { ca: [ca] } } }), {
      code: 'TLS',
      message: /requires a client certificate; give one/,
    })
  })

  it('says that a server supports only HTTP/2', async () => {
    const url = `https://127.0.0.1:${await listen(createSecureServer(server))}/`
    await assert.rejects(ask(url, { spec: { tls: { ca: [ca] } } }), {
      code: 'TLS',
      message: /does not support HTTP\/1\.1; use HTTP\/2 .*, or enable HTTP\/1\.1 on the server/,
    })
  })

  it('says that a certificate or key cannot be read', async () => {
    const url = await serveTls(server)
    for (const tls of [
      { cert: 'no certificate', key: client.key },
      { cert: client.cert, key: server.key },
      { ca: [ca, client.key] },
      { ca: [''] },
    ])
      await assert.rejects(ask(url, { spec: { tls } }), { code: 'BAD_CERTIFICATE' })
  })

  it('says that a plain server does not support TLS', async () => {
    const url = await serveHttp((_request, response) => void response.end())
    await assert.rejects(ask(url.replace('http:', 'https:')), {
      code: 'TLS',
      message: /begin with http: or ws: instead/,
    })
  })

  it('says that a TLS server does not answer in plain text', async () => {
    const url = await serveTls(server)
    await assert.rejects(ask(url.replace('https:', 'http:')), { code: /BAD_RESPONSE|CLOSED|ECONNRESET|HTTP/ })
  })
})
