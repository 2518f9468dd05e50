/** Credentials of connections, as servers get them. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { HubOptions } from '../../../src/engine/hub.ts'
import type { AuthorizationRequest } from '../../../src/shared/authorization.ts'
import type { Credentials } from '../../../src/shared/credentials.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { KnownSecrets } from '../../../src/shared/secrets/known-secrets.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import type { TransportName } from '../../../src/shared/transports.ts'
import { serveWebSocketOverHttp2 } from '../../support/http2.ts'
import { closeServers, listen } from '../../support/loopback.ts'
import { SpokenSession } from '../../support/spoken.ts'

const BASIC: Credentials = { kind: 'basic', user: 'ada', password: 'lövelace' }
const ENCODED = `Basic ${Buffer.from('ada:lövelace').toString('base64')}`

describe('credentials', () => {
  let session: SpokenSession
  let requests: IncomingMessage[]
  let answer: (request: IncomingMessage, response: ServerResponse) => void

  beforeEach(() => {
    requests = []
    begin({})
    answer = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
  })
  afterEach(async () => {
    await session.hub.disconnectAll()
    closeServers()
  })

  function begin(options: Partial<HubOptions>): void {
    session = new SpokenSession(options)
  }

  /** The host and port of a server that keeps its requests and accepts any WebSocket, unless it refuses the request. */
  async function serve(refuses: (request: IncomingMessage) => boolean = () => false): Promise<string> {
    const server = createServer((request, response) => {
      requests.push(request)
      if (refuses(request)) response.writeHead(401).end()
      else answer(request, response)
    })
    const sockets = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head) => {
      requests.push(request)
      if (refuses(request)) socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
      else sockets.handleUpgrade(request, socket, head, (peer) => peer.send('1'))
    })
    return `127.0.0.1:${await listen(server)}`
  }

  async function received(
    transport: TransportName,
    url: string,
    credentials: Credentials,
    http: ConnectionSpec['http'] = 'auto',
  ): Promise<void> {
    const connection = session.connect({ url, transport, credentials, interval: 0, http })
    await session.until(
      () => session.messages(connection.id).length > 0 || session.errors(connection.id).length > 0,
    )
    assert.deepEqual(session.errors(connection.id), [])
    await connection.disconnect()
  }

  for (const transport of ['websocket', 'sse', 'http-stream', 'poll', 'long-poll'] as const)
    it(`are sent by ${transport}`, async () => {
      if (transport.endsWith('poll')) answer = (_, response) => response.writeHead(200).end('1')
      const url = `${transport === 'websocket' ? 'ws' : 'http'}://${await serve()}/?a=1`
      await received(transport, url, BASIC)
      assert.equal(requests[0]?.headers.authorization, ENCODED)
      await received(transport, url, { kind: 'bearer', token: 't0ken' })
      assert.equal(requests.at(-1)?.headers.authorization, 'Bearer t0ken')
      await received(transport, url, { kind: 'api-key', in: 'header', name: 'X-Key', value: 'k3y' })
      assert.equal(requests.at(-1)?.headers['x-key'], 'k3y')
      await received(transport, url, { kind: 'api-key', in: 'query', name: 'key', value: 'k&3y' })
      assert.equal(requests.at(-1)?.url, '/?a=1&key=k%263y')
    })

  it('are in the query of a WebSocket over HTTP/2', async () => {
    const paths: unknown[] = []
    const { url } = await serveWebSocketOverHttp2((peer) => peer.send('1'), {
      handler: (_, headers) => {
        paths.push(headers[':path'])
        return false
      },
    })
    const credentials: Credentials = { kind: 'api-key', in: 'query', name: 'key', value: 'k3y' }
    await received('websocket', `${url}?a=1`, credentials, '2')
    assert.deepEqual(paths, ['/?a=1&key=k3y'])
  })

  it('are an API key as a subprotocol, after its name or within it', async () => {
    const url = `ws://${await serve()}/`
    await received('websocket', url, { kind: 'api-key', in: 'subprotocol', name: 'token', value: 'k3y' })
    assert.equal(requests.at(-1)?.headers['sec-websocket-protocol'], 'token,k3y')
    await received('websocket', url, { kind: 'api-key', in: 'subprotocol', name: 'a.b.', value: 'k3y' })
    assert.equal(requests.at(-1)?.headers['sec-websocket-protocol'], 'a.b.k3y')
  })

  it('are not sent to another origin, to which a redirect leads', async () => {
    const elsewhere = await serve()
    const url = `http://${await serve()}/`
    answer = (request, response) => {
      const { host = '' } = request.headers
      if (host !== elsewhere) response.writeHead(302, { location: `http://${elsewhere}/x` }).end()
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    }
    await received('sse', url, { kind: 'api-key', in: 'header', name: 'X-Room', value: 'k3y' })
    assert.deepEqual(
      requests.map(({ headers }) => headers['x-room']),
      ['k3y', undefined],
    )
  })

  it('appear in no event, and are known as secrets', async () => {
    const secrets = new KnownSecrets()
    begin({ secrets })
    await received('sse', `http://${await serve()}/`, BASIC)
    const [connect] = session.events
    assert.ok(connect?.type === 'connect')
    assert.deepEqual(connect.credentials, { ...BASIC, password: '***' })
    assert.equal(secrets.mask(`${ENCODED} lövelace`), 'Basic *** ***')
  })

  describe('of OAuth 2', () => {
    const OAUTH: Credentials = { kind: 'oauth2', name: 'chat', settings: { 'Client ID': 'me' } }
    let asked: AuthorizationRequest[]
    let tokens: { readonly token: string; readonly expiresAt?: number }[]

    beforeEach(() => {
      asked = []
      tokens = []
      begin({
        authorize: async (request) => {
          asked.push(request)
          return tokens.shift() ?? { token: `t${asked.length}` }
        },
      })
    })

    it('are asked for before each attempt', async () => {
      answer = (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end('retry: 0\ndata: 1\n\n')
      }
      const url = `http://${await serve()}/`
      const connection = session.connect({ url, transport: 'sse', credentials: OAUTH, reconnect: 0 })
      await session.until(() => session.messages(connection.id).length === 2)
      await connection.disconnect()
      assert.deepEqual(
        requests.slice(0, 2).map(({ headers }) => headers.authorization),
        ['Bearer t1', 'Bearer t2'],
      )
    })

    for (const scheme of ['ws', 'http'])
      it(`are renewed once if the server refuses them (${scheme})`, async () => {
        const url = `${scheme}://${await serve(({ headers }) => headers.authorization !== 'Bearer t2')}/`
        await received(scheme === 'ws' ? 'websocket' : 'sse', url, OAUTH)
        assert.deepEqual(
          asked.map(({ refused }) => refused),
          [undefined, 't1'],
        )
        const refused = `${scheme}://${await serve(() => true)}/`
        const connection = session.connect({ url: refused, credentials: OAUTH })
        assert.equal((await connection.done).end, 'failed')
        assert.match(session.errors(connection.id).join(), /answered 401|status 401|refused/)
        assert.equal(asked.length, 4)
      })

    it('are renewed between the requests of a poll when they expire', async () => {
      tokens = [{ token: 'old', expiresAt: Date.now() + 1000 }]
      answer = (_, response) => response.writeHead(200).end(String(requests.length))
      await received('poll', `http://${await serve()}/`, OAUTH)
      assert.equal(requests[0]?.headers.authorization, 'Bearer t2')
    })

    it('end the attempt with the reason why there is no token', async () => {
      for (const [code, end] of [
        ['AUTH', 'failed'],
        ['ECONNREFUSED', 'lost'],
      ] as const) {
        begin({ authorize: () => Promise.reject(new Failure(code, 'The server of tokens is on holiday.')) })
        const connection = session.connect({
          url: `ws://${await serve()}/`,
          credentials: OAUTH,
          reconnect: 1,
          maxAttempts: 1,
        })
        assert.equal((await connection.done).end, 'failed')
        const attempts = session.events.filter(({ type }) => type === 'connect').length
        assert.equal(attempts, end === 'failed' ? 1 : 2)
        assert.equal(session.errors(connection.id)[0], 'The server of tokens is on holiday.')
      }
      assert.equal(requests.length, 0)
    })

    it('can be waited for no longer than the user wants to', async () => {
      begin({ authorize: () => new Promise(() => {}) })
      const connection = session.connect({ url: `ws://${await serve()}/`, credentials: OAUTH })
      await session.until(() => session.events.length > 0)
      await connection.disconnect()
      assert.equal(connection.status().state, 'closed')
    })
  })
})
