import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Headers, RealtimeEvent } from '../../../src/shared/event.ts'
import { serve, stopServing } from '../../support/served.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const UPGRADE = {
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-version': '13',
  'sec-websocket-key': KEY,
}

function recorded(
  transport: 'http-stream' | 'websocket',
  headers: Headers = {},
  path = '/private',
  status = transport === 'websocket' ? 101 : 200,
): RealtimeEvent[] {
  const url = `${transport === 'websocket' ? 'ws' : 'http'}://api.example${path}`
  return [
    { type: 'connect', connection: 1, time: 0, transport, url, attempt: 0 },
    { type: 'open', connection: 1, time: 1, transport, status, headers, httpVersion: '1.1' },
    {
      type: 'message',
      connection: 1,
      time: 2,
      direction: 'in',
      opcode: 'text',
      payload: Buffer.from('PRIVATE'),
    },
    { type: 'close', connection: 1, time: 3, by: 'server', code: 1000 },
  ]
}

/** The bytes of a response as Latin-1. If its connection is kept alive, up to the end of the response. */
async function ask(url: string, target: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const fields = Object.entries({ host: 'localhost', connection: 'close', ...headers })
  socket.write(
    Buffer.from(
      `GET ${target} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
      'latin1',
    ),
  )
  let got = ''
  for await (const chunk of socket) {
    got += chunk.toString('latin1')
    // A close frame of a WebSocket: the server waits for the client's.
    if (got.includes('\x88\x02')) break
  }
  socket.destroy()
  return got
}

function statusOf(answer: string): number {
  return Number(answer.split(' ')[1])
}

describe('the clients of a served session', () => {
  afterEach(stopServing)

  const pages: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
    ['no page', {}, 200],
    ['a page of this machine', { origin: 'http://localhost:3000' }, 200],
    ['a page of this machine, by its address', { origin: 'http://127.0.0.1:5173' }, 200],
    ['a page of this machine, by its address of version 6', { origin: 'http://[::1]:5173' }, 200],
    ['a page of this machine, by a name below localhost', { origin: 'https://app.localhost' }, 200],
    ['a page that is allowed', { origin: 'https://app.example' }, 200],
    ['another page', { origin: 'https://evil.example' }, 403],
    ['a page whose name only begins like this machine', { origin: 'http://localhost.evil.example' }, 403],
    ['a page whose name only ends like one allowed', { origin: 'https://evilapp.example' }, 403],
    ['a page of another port than that allowed', { origin: 'https://app.example:8443' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    [
      'a script in another page',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', referer: 'https://evil.example/' },
      403,
    ],
    [
      'an image in a page that does not say whose it is',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      403,
    ],
    [
      'an image in a page of this machine',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', referer: 'http://localhost:3000/' },
      200,
    ],
    [
      'a link in another page',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', referer: 'https://evil.example/' },
      200,
    ],
    ['a name that is not this machine', { host: 'evil.example' }, 421],
    ['a name that is not this machine, with a port', { host: 'evil.example:8080' }, 421],
    ['an address made a name', { host: '127.0.0.1.evil.example' }, 421],
    ['a page that made itself this machine', { host: 'evil.example', origin: 'http://evil.example' }, 421],
    ['what is not a name', { host: 'evil.example ,x' }, 421],
    ['a name of this machine', { host: 'localhost.:1' }, 200],
    ['an address', { host: '[::1]:80' }, 200],
    ['a name without a dot', { host: 'mock:8080' }, 200],
    ['the name of an origin that is allowed', { host: 'app.example' }, 200],
  ]
  for (const [what, headers, status] of pages) {
    it(`${status === 200 ? 'can' : 'cannot'} be requests of ${what}`, async () => {
      const { url, told } = await serve(recorded('http-stream'), { allowOrigins: ['https://app.example'] })
      const answer = await ask(url, '/private', headers)
      assert.deepEqual([statusOf(answer), answer.includes('PRIVATE')], [status, status === 200])
      const allowed = /access-control-allow-origin: (\S+)/i.exec(answer)?.[1]
      assert.equal(allowed, status === 200 ? headers.origin : undefined)
      assert.equal(told[0]?.type, status === 200 ? 'client' : 'refused')
    })
    it(`${status === 200 ? 'can' : 'cannot'} be WebSockets of ${what}`, async () => {
      const { url } = await serve(recorded('websocket'), { allowOrigins: ['https://app.example'] })
      const answer = await ask(url, '/private', { ...UPGRADE, ...headers })
      assert.deepEqual(
        [statusOf(answer), answer.includes('PRIVATE')],
        [status === 200 ? 101 : status, status === 200],
      )
    })
  }

  it('can be anyone if all origins are allowed', async () => {
    const { url } = await serve(recorded('http-stream'), { allowOrigins: ['*'] })
    const answer = await ask(url, '/private', { host: 'a.example', origin: 'https://b.example' })
    assert.match(
      answer,
      /^HTTP\/1\.1 200 [\s\S]*Access-Control-Allow-Origin: https:\/\/b\.example[\s\S]*PRIVATE/,
    )
  })

  it('only learn what was recorded if they are allowed to read it', async () => {
    const { url, told } = await serve(recorded('http-stream', {}, '/private?token=hunter2'))
    assert.match(await ask(url, '/no', {}), /recorded are: \/private/)
    for (const [name, value] of [
      ['host', 'evil.example'],
      ['origin', 'https://evil.example'],
    ] as const)
      assert.doesNotMatch(await ask(url, '/no?api_key=hunter3', { [name]: value }), /private/)
    assert.doesNotMatch(JSON.stringify(told), /hunter3/)
  })

  it('get an answer to a preflight if they are allowed to read', async () => {
    const { url } = await serve(recorded('http-stream'))
    const preflight = async (origin: string) => {
      const headers = {
        origin,
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'authorization, x-key',
        'access-control-request-private-network': 'true',
      }
      const response = await fetch(url, { method: 'OPTIONS', headers })
      const field = (name: string) => response.headers.get(`access-control-allow-${name}`)
      return [response.status, ...['origin', 'methods', 'headers', 'private-network'].map(field)]
    }
    assert.deepEqual(await preflight('http://localhost:3000'), [
      ...[204, 'http://localhost:3000', 'GET, POST, DELETE', 'authorization, x-key', 'true'],
    ])
    assert.deepEqual(await preflight('https://evil.example'), [403, null, null, null, null])
  })

  it('come with a warning if the server listens on more than this machine', async () => {
    const { notes } = await serve(recorded('http-stream'), { host: '0.0.0.0' })
    assert.match(
      notes.join(),
      /^The server listens on 0\.0\.0\.0: everyone who can reach this machine over the network can read /,
    )
    assert.deepEqual((await serve(recorded('http-stream'))).notes, [])
  })
})

describe('a served response', () => {
  afterEach(stopServing)

  it('has the bytes of recorded header values, over HTTP and in a handshake', async () => {
    const headers = { 'x-latin': 'caf\xe9', 'x-utf': 'caf\xc3\xa9', 'x-wide': '\u20ac' }
    for (const [transport, more] of [
      ['http-stream', {}],
      ['websocket', UPGRADE],
    ] as const) {
      const { url } = await serve(recorded(transport, headers))
      const answer = await ask(url, '/private', more)
      assert.deepEqual(
        Object.keys(headers).map((name) => new RegExp(`${name}: ([^\r]*)`).exec(answer)?.[1]),
        ['caf\xe9', 'caf\xc3\xa9', '\xe2\x82\xac'],
        transport,
      )
    }
  })

  it('lacks fields that affect the browser beyond the response, or the connection', async () => {
    const gone = {
      'clear-site-data': '"*"',
      refresh: '0;url=http://evil.example/',
      'strict-transport-security': 'max-age=99999',
      'alt-svc': 'h3=":443"',
      'set-cookie': ['a=b', 'c=d'],
      'service-worker-allowed': '/',
      'report-to': '{}',
      nel: '{}',
      'x-hop': 'a',
      connection: 'keep-alive, X-Hop',
      'keep-alive': 'timeout=1',
    }
    for (const [transport, more] of [
      ['http-stream', {}],
      ['websocket', UPGRADE],
    ] as const) {
      const { url } = await serve(recorded(transport, { ...gone, 'x-kept': 'yes', location: '/x' }))
      const answer = await ask(url, '/private', more)
      assert.match(answer, /x-kept: yes\r\n/)
      assert.match(answer, /location: \/x\r\n/)
      for (const name of Object.keys(gone).filter((each) => each !== 'connection'))
        assert.doesNotMatch(answer, new RegExp(`^${name}:`, 'im'), transport)
    }
  })

  it('has the trailers after a body', async () => {
    const trailers = {
      'x-stream-error': 'caf\xe9',
      'x-many': ['a', 'b'],
      'content-length': '5',
      'x-bad': 'a\r\nb: c',
    }
    const [connected, open, text] = recorded('http-stream')
    assert.ok(connected && open && text)
    const end: RealtimeEvent = { type: 'close', connection: 1, time: 3, by: 'server', trailers }
    const { url } = await serve([connected, open, text, end])
    const answer = await ask(url, '/private', {})
    assert.match(answer, /\r\ntrailer: x-stream-error, x-many\r\n/i)
    assert.match(answer, /PRIVATE\r\n0\r\nx-stream-error: caf\xe9\r\nx-many: a\r\nx-many: b\r\n\r\n$/)
    for (const [method, version] of [
      ['HEAD', '1.1'],
      ['GET', '1.0'],
    ] as const) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket.write(`${method} /private HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      const plain = (await buffer(socket)).toString('latin1')
      assert.match(plain, /^HTTP\/1\.1 200 /)
      assert.doesNotMatch(plain, /trailer|x-many/i)
    }
  })

  it('does not redirect to the recorded server', async () => {
    const { url } = await serve(
      recorded('http-stream', { location: 'https://api.example/' }, '/private', 302),
    )
    const answer = await ask(url, '/private', {})
    assert.equal(statusOf(answer), 302)
    assert.doesNotMatch(answer, /location:/i)
  })

  for (const [transport, path] of [
    ['http-stream', '//events'],
    ['websocket', '//socket'],
    ['http-stream', '//a//b/?x=1'],
  ] as const)
    it(`is found at ${path}`, async () => {
      const { url } = await serve(recorded(transport, {}, path))
      assert.equal(new URL(url).pathname + new URL(url).search, path)
      const answer = await ask(url, path, transport === 'websocket' ? UPGRADE : {})
      assert.match(answer, /PRIVATE/)
    })

  it('ignores a request for another protocol', async () => {
    for (const upgrade of ['h2c', 'TLS/1.0', 'foo, h2c']) {
      const { url } = await serve(recorded('http-stream'))
      const answer = await ask(url, '/private', { connection: 'Upgrade, HTTP2-Settings', upgrade })
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[\s\S]*PRIVATE/)
    }
    const { url } = await serve(recorded('http-stream'))
    assert.match(await ask(url, '/no', { connection: 'Upgrade', upgrade: 'h2c' }), /^HTTP\/1\.1 404 /)
  })

  it('ends with the server, whatever its client requested', async () => {
    const served = await serve(recorded('http-stream').slice(0, -1))
    for (const upgrade of [{}, { connection: 'Upgrade', upgrade: 'h2c' }, { ...UPGRADE, origin: 'null' }]) {
      const socket = connect({
        port: Number(new URL(served.url).port),
        host: '127.0.0.1',
        allowHalfOpen: true,
      })
      const fields = Object.entries({ host: 'localhost', ...upgrade }).map(
        ([name, value]) => `${name}: ${value}\r\n`,
      )
      socket.on('error', () => {}).write(`GET /private HTTP/1.1\r\n${fields.join('')}\r\n`)
      await once(socket, 'data')
    }
    await served.close()
  })
})
