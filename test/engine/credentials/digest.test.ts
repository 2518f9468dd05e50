/** Digest authentication, against the RFC's examples, and servers that we did not write. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type http2 from 'node:http2'
import { promisify } from 'node:util'
import auth from 'http-auth'
import { WebSocketServer } from 'ws'
import { challengesIn } from '../../../src/engine/credentials/digest/challenges.ts'
import { digestChallenge, digestResponse } from '../../../src/engine/credentials/digest/response.ts'
import type { Credentials } from '../../../src/shared/credentials.ts'
import { DigestServer } from '../../support/digest-server.ts'
import { serveWebSocketOverHttp2 } from '../../support/http2.ts'
import { closeServers, listen } from '../../support/loopback.ts'
import { SpokenSession } from '../../support/spoken.ts'

describe('the response to a digest challenge', () => {
  // RFC 7616 section 3.9.1
  const field =
    'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
  const request = {
    ...{ user: 'Mufasa', password: 'Circle of Life', method: 'GET', uri: '/dir/index.html', count: 1 },
    ...{ body: undefined, cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' },
  }

  function answer(challenge: string, changes: Partial<typeof request> = {}): string {
    const chosen = digestChallenge(challengesIn({ 'WWW-Authenticate': challenge }))
    return digestResponse(chosen ?? assert.fail('no challenge'), { ...request, ...changes })
  }

  it('is that of the RFC, with the stronger algorithm of two', () => {
    const md5 = `Digest ${field}, algorithm=MD5`
    assert.match(answer(md5), /response="8ca523f5e9506fed4657c9700eebdbec"/)
    for (const both of [
      `Digest ${field}, algorithm=SHA-256, ${md5}`,
      `${md5}, Digest ${field}, algorithm=SHA-256`,
    ])
      assert.equal(
        answer(both),
        'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", '
          .replace('uri', 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri')
          .concat(
            'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", algorithm=SHA-256, ',
            'qop=auth, nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", ',
            'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
          ),
      )
  })

  it('hides the name of the user if the server asks for that', () => {
    // RFC 7616 section 3.9.2, with the values of erratum 4897.
    const challenge =
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true'
    const said = answer(challenge, {
      ...{ user: 'J\u00e4s\u00f8n Doe', password: 'Secret, or not?', uri: '/doe.json' },
      ...{ cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v' },
    })
    assert.match(said, /username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"/)
    assert.match(said, /response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"/)
    assert.match(said, /userhash=true/)
    assert.match(answer(`Digest ${field}`, { user: 'J\u00e4s' }), /username\*=UTF-8''J%C3%A4s,/)
  })

  it('is found among the challenges of other schemes', () => {
    const found = challengesIn({
      'www-authenticate': [
        'Negotiate, NTLM TlRM==, Basic realm="a, \\"b\\"", charset="UTF-8"',
        'Digest nonce=abc,realm=""',
      ],
    })
    assert.deepEqual(
      found.map(({ scheme, params }) => [scheme, Object.fromEntries(params)]),
      [
        ['negotiate', {}],
        ['ntlm', {}],
        ['basic', { realm: 'a, "b"', charset: 'UTF-8' }],
        ['digest', { nonce: 'abc', realm: '' }],
      ],
    )
    for (const none of [
      '',
      'Digest realm="x"',
      'Digest nonce="x", algorithm=SHA-3',
      'Digest nonce="x", qop="other"',
    ])
      assert.equal(digestChallenge(challengesIn({ 'www-authenticate': none })), undefined, none)
  })

  it('is found in linear time', () => {
    for (const piece of ['Digest ', 'a="', ', ', '\\', 'a=b ', '= '])
      challengesIn({ 'www-authenticate': piece.repeat(200_000) })
  })
})

describe('digest authentication', () => {
  const CREDENTIALS = { kind: 'digest', user: 'ada', password: 'love lace' } as const satisfies Credentials
  let session: SpokenSession
  let sent: string[]

  beforeEach(() => {
    session = new SpokenSession()
    sent = []
  })
  afterEach(async () => {
    await session.hub.disconnectAll()
    closeServers()
  })

  /** A server that asks for a digest before it answers. Returns its host and port. */
  async function serve(options: { readonly algorithm: string; readonly uses?: number }): Promise<string> {
    const digest = new DigestServer({ ...CREDENTIALS, uses: 1000, ...options })
    const refusal = ({ method = '', headers }: IncomingMessage) => {
      sent.push(headers.authorization ?? '')
      return digest.refusal(method, headers.authorization)
    }
    const server = createServer((request, response) => {
      const challenge = refusal(request)
      if (challenge === undefined) response.end(`answer ${sent.length}`)
      else response.writeHead(401, { 'www-authenticate': challenge }).end('no')
    })
    const sockets = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request: IncomingMessage, socket, head) => {
      const challenge = refusal(request)
      if (challenge === undefined) sockets.handleUpgrade(request, socket, head, (peer) => peer.send('1'))
      else
        socket.end(`HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ${challenge}\r\ncontent-length: 0\r\n\r\n`)
    })
    return `127.0.0.1:${await listen(server)}`
  }

  /** The events of a connection that got so many messages. */
  async function received(
    url: string,
    count: number,
    credentials: Credentials = CREDENTIALS,
  ): Promise<number> {
    const transport = url.startsWith('ws') ? 'websocket' : 'poll'
    const connection = session.connect({ url, transport, credentials, interval: 0 })
    await session.until(
      () => session.messages(connection.id).length >= count || session.errors(connection.id).length > 0,
    )
    assert.deepEqual(session.errors(connection.id), [])
    await connection.disconnect()
    return connection.id
  }

  for (const algorithm of ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'])
    it(`is done with ${algorithm} as a server wants that curl gets an answer from`, async () => {
      const host = await serve({ algorithm })
      await promisify(execFile)('curl', ['-sf', '--digest', '-u', 'ada:love lace', `http://${host}/a?b=1`])
      await received(`http://${host}/a?b=1`, 1)
      await received(`ws://${host}/a?b=1`, 1)
      const opened = session.events.filter((event) => event.type === 'open' || event.type === 'response')
      assert.deepEqual(
        opened.map(({ challenges }) => challenges),
        [1, 1, 1],
      )
    })

  /** A WebSocket server over HTTP/2 that computes the digest of a method. Returns its URL. */
  async function serveHttp2(method: 'CONNECT' | 'GET', handshakes: http2.IncomingHttpHeaders[]) {
    const digest = new DigestServer({ ...CREDENTIALS, uses: 1000, algorithm: 'SHA-256' })
    const handler = (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => {
      handshakes.push(headers)
      const challenge = digest.refusal(method, headers.authorization)
      if (challenge !== undefined)
        stream.respond({ ':status': 401, 'www-authenticate': challenge }, { endStream: true })
      return challenge !== undefined
    }
    return (await serveWebSocketOverHttp2((peer) => peer.send('1'), { handler })).url
  }

  /** The attempts of a connection by HTTP/2, until it is closed. */
  async function connectByHttp2(url: string, credentials: Credentials = CREDENTIALS): Promise<number> {
    const connection = session.connect({ url, transport: 'websocket', credentials, http: '2' })
    await session.until(
      () => session.messages(connection.id).length > 0 || session.errors(connection.id).length > 0,
    )
    await connection.disconnect()
    return connection.id
  }

  it('signs the method of a WebSocket over HTTP/2, which is CONNECT', async () => {
    const handshakes: http2.IncomingHttpHeaders[] = []
    const id = await connectByHttp2(await serveHttp2('CONNECT', handshakes))
    assert.deepEqual(session.errors(id), [])
    assert.deepEqual(
      handshakes.map(({ ':method': method }) => method),
      ['CONNECT', 'CONNECT'],
    )
  })

  it('signs GET if the server makes that of a CONNECT, and tries no more than both', async () => {
    const handshakes: http2.IncomingHttpHeaders[] = []
    const url = await serveHttp2('GET', handshakes)
    assert.deepEqual(session.errors(await connectByHttp2(url)), [])
    assert.equal(handshakes.length, 3)
    const refused = await connectByHttp2(url, { ...CREDENTIALS, password: 'wrong' })
    assert.match(session.errors(refused).join(), /401/)
    assert.equal(handshakes.length, 6)
  })

  /**
   * A WebSocket server over HTTP/2 that computes the digest of CONNECT, and does not say that it has forgotten a nonce. After each
   * handshake, it names a nonce for the next one that it then does not know.
   */
  async function serveForgetful() {
    const make = () => new DigestServer({ ...CREDENTIALS, uses: 1000, algorithm: 'SHA-256' })
    const server = { handshakes: 0, digest: make(), isAccountEnabled: true, restart: () => {} }
    server.restart = () => {
      server.digest = make()
      server.handshakes = 0
    }
    const handler = (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => {
      server.handshakes++
      const { authorization } = headers
      const challenge = server.digest.refusal('CONNECT', server.isAccountEnabled ? authorization : undefined)
      const respond = stream.respond.bind(stream)
      if (challenge === undefined)
        stream.respond = (fields) => respond({ ...fields, 'authentication-info': 'nextnonce="forgotten"' })
      else
        respond(
          { ':status': 401, 'www-authenticate': challenge.replace(', stale=true', '') },
          { endStream: true },
        )
      return challenge !== undefined
    }
    const { url } = await serveWebSocketOverHttp2((peer) => peer.send('1'), { handler })
    return Object.assign(server, { url })
  }

  it('begins with CONNECT and a new nonce again after both methods were refused', async () => {
    const server = await serveForgetful()
    server.isAccountEnabled = false
    const connection = session.connect({ url: server.url, credentials: CREDENTIALS, http: '2' })
    assert.equal((await connection.done).end, 'failed')
    assert.equal(server.handshakes, 3)
    server.restart()
    server.isAccountEnabled = true
    connection.reconnect()
    await session.until(() => ['open', 'failed'].includes(connection.status().state))
    assert.equal(connection.status().state, 'open')
    assert.equal(server.handshakes, 2)
  })

  it('does not try GET because a nonce is not known any more', async () => {
    const server = await serveForgetful()
    const connection = session.connect({ url: server.url, credentials: CREDENTIALS, http: '2' })
    for (let round = 1; round <= 3; round++) {
      if (round > 1) connection.reconnect()
      await session.until(
        () => session.messages(connection.id).length === round || connection.status().state === 'failed',
      )
      assert.deepEqual(session.errors(connection.id), [])
      assert.equal(server.handshakes, 2 * round)
    }
  })

  it('answers a challenge although the user has set a header with other credentials', async () => {
    const url = `http://${await serve({ algorithm: 'MD5' })}/`
    const connection = session.connect({
      ...{ url, transport: 'poll', credentials: CREDENTIALS, headers: { authorization: 'Bearer other' } },
    })
    await session.until(
      () => session.messages(connection.id).length > 0 || connection.status().state === 'failed',
    )
    assert.deepEqual(session.errors(connection.id), [])
    assert.equal(sent[0], 'Bearer other')
  })

  it('uses a nonce for the next requests, and another one when it is stale', async () => {
    const host = await serve({ algorithm: 'SHA-256', uses: 3 })
    await received(`http://${host}/`, 5)
    const counts = sent
      .slice(0, 8)
      .map((header) => /nonce="nonce-(\d)".* nc=0*(\d)/.exec(header)?.slice(1).join())
    assert.deepEqual(counts.slice(0, 7), [undefined, '0,1', '0,2', '0,3', '0,4', '1,1', '1,2'])
  })

  it('fails with the status of the server if the password is wrong, after one answer', async () => {
    for (const scheme of ['http', 'ws']) {
      sent = []
      const host = await serve({ algorithm: 'MD5' })
      const credentials = { ...CREDENTIALS, password: 'wrong' }
      const connection = session.connect({
        url: `${scheme}://${host}/`,
        transport: scheme === 'ws' ? 'websocket' : 'poll',
        credentials,
      })
      assert.equal((await connection.done).end, 'failed')
      assert.match(session.errors(connection.id).join(), /401/)
      assert.equal(sent.length, 2)
    }
  })

  it('is accepted by the server of a library', async () => {
    const digest = auth.digest({ realm: 'realm' }, (user, done) => {
      done(createHash('md5').update(`${user}:realm:love lace`).digest('hex'))
    })
    const server = createServer(digest.check((_, response) => response.end('welcome')))
    const id = await received(`http://127.0.0.1:${await listen(server)}/`, 2)
    assert.equal(session.messages(id).length >= 2, true)
  })
})
