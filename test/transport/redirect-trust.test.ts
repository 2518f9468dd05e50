import assert from 'node:assert/strict'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { afterEach, describe, it } from 'mocha'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { createTransport } from '../../src/transport/registry.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { closeFrame, switchingProtocols } from '../support/raw-server.ts'
import { certificates } from '../support/tls.ts'

const { ca, server, client, selfSigned } = certificates()

interface Peer {
  /** Host and port. */
  readonly host: string
  /** The common name of each client certificate, or `nobody`. */
  readonly seen: string[]
}

/** Answers requests and handshakes, with or without a redirect. Encrypted if `tls` is set. */
async function serve(location: string | undefined, tls?: ServerOptions): Promise<Peer> {
  const seen: string[] = []
  const look = ({ socket }: IncomingMessage) =>
    seen.push(String((socket as TLSSocket).getPeerCertificate?.()?.subject?.CN ?? 'nobody'))
  const peer = tls === undefined ? createHttpServer() : createServer(tls)
  peer.on('request', (request: IncomingMessage, response) => {
    look(request)
    if (location !== undefined && request.url === '/') response.writeHead(302, { location })
    response.end('line\n')
  })
  peer.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    look(request)
    socket.on('error', () => {})
    if (location !== undefined && request.url === '/')
      socket.end(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`)
    else {
      socket.write(switchingProtocols(`sec-websocket-key: ${request.headers['sec-websocket-key']}\r\n`))
      socket.write(closeFrame(1000))
    }
  })
  return { host: `127.0.0.1:${await listen(peer)}`, seen }
}

async function run(url: string, tls: ConnectionSpec['tls']): Promise<Attempt> {
  const spec: ConnectionSpec = {
    url,
    transport: url.startsWith('ws') ? 'websocket' : 'http-stream',
    ...(tls && { tls }),
  }
  const attempt = new Attempt(createTransport(spec), spec)
  await attempt.outcome
  return attempt
}

const asksClient = { requestCert: true, rejectUnauthorized: false }

for (const [plain, secure] of [
  ['http', 'https'],
  ['ws', 'wss'],
] as const)
  describe(`a redirect of ${secure}`, () => {
    afterEach(closeServers)

    it('is not followed to an origin without encryption', async () => {
      const target = await serve(undefined)
      const first = await serve(`${plain}://${target.host}/end`, server)
      const attempt = await run(`${secure}://${first.host}/`, { ca: [ca] })
      const [error] = attempt.of('error')
      assert.equal(error?.code, 'BAD_REDIRECT')
      assert.match(error?.message ?? '', /not encrypted.*--plain-redirects/)
      assert.equal((await attempt.outcome).end, 'failed')
      assert.deepEqual(target.seen, [])
    })

    it('is followed there if that is allowed, and from there on', async () => {
      const target = await serve(undefined)
      const second = await serve(`${plain}://${target.host}/end`)
      const first = await serve(`${plain}://${second.host}/`, server)
      const attempt = await run(`${secure}://${first.host}/`, { ca: [ca], plainRedirects: true })
      assert.equal(attempt.of('open').length, 1)
      assert.deepEqual(target.seen, ['nobody'])
    })

    it('does not present a client certificate to another origin', async () => {
      const target = await serve(undefined, { ...server, ...asksClient })
      const first = await serve(`${secure}://${target.host}/end`, { ...server, ...asksClient })
      const attempt = await run(`${secure}://${first.host}/`, { ca: [ca], ...client })
      assert.equal(attempt.of('open').length, 1)
      assert.deepEqual([first.seen, target.seen], [['client'], ['nobody']])
    })

    it('does not accept any certificate of another origin', async () => {
      const target = await serve(undefined, selfSigned)
      const first = await serve(`${secure}://${target.host}/end`, selfSigned)
      const attempt = await run(`${secure}://${first.host}/`, { insecure: true })
      const [error] = attempt.of('error')
      assert.equal(error?.code, 'DEPTH_ZERO_SELF_SIGNED_CERT')
      assert.match(error?.message ?? '', new RegExp(`${target.host}.*redirect.*connect to it directly`))
      assert.deepEqual(target.seen, [])
    })

    it('keeps both for the origin of the URL, also after a redirect back to it', async () => {
      const both = { ...selfSigned, ...asksClient }
      const first = await serve('/end', both)
      const attempt = await run(`${secure}://${first.host}/`, { insecure: true, ...client })
      assert.equal(attempt.of('open').length, 1)
      assert.deepEqual(first.seen, ['client', 'client'])
    })
  })
