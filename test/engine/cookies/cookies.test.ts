/** Cookies of connections: servers set them, later requests of the session have them, by the rules of RFC 6265bis. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { WebSocketServer } from 'ws'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { LiveEngine } from '../../support/live-engine.ts'
import { listen, serveHttp } from '../../support/loopback.ts'

/** What a server was sent: path, and cookies. */
type Seen = [path: string, cookie: string | undefined][]

/** Serves an answer for each path; each request is seen. */
async function server(answers: Readonly<Record<string, (response: ServerResponse) => void>>) {
  const seen: Seen = []
  const url = await serveHttp((request: IncomingMessage, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://x')
    seen.push([pathname, request.headers.cookie])
    const answer = answers[pathname]
    if (answer === undefined) response.end('ok')
    else answer(response)
  })
  return { url, seen }
}

/** Answers with these cookies. */
const setting =
  (...cookies: string[]) =>
  (response: ServerResponse) => {
    response.setHeader('Set-Cookie', cookies).end('set')
  }

describe('the cookies of a session', () => {
  let live: LiveEngine
  beforeEach(() => {
    live = new LiveEngine({ keepsUp: true })
  })
  afterEach(() => live.close())

  /** Makes a request with the jar, and waits until its response is complete. */
  async function ask(url: string, more: Partial<ConnectionSpec> = {}): Promise<void> {
    const spec = { url, cookieJar: true, plainResponse: true, reconnect: 'never', ...more } as const
    const { id } = await live.engine.handlers.connect({ spec })
    await live.until(() => /closed|failed/.test(stateOf(id) ?? ''))
  }

  function stateOf(id: number): string | undefined {
    return live.engine.status().connections.find((each) => each.id === id)?.state
  }

  it('open a WebSocket that a login by POST allows', async () => {
    const http = createServer((request, response) => {
      if (request.method === 'POST' && request.url === '/login')
        response.setHeader('Set-Cookie', 'session=s3cret-id; Path=/; HttpOnly; SameSite=Strict').end('hello')
      else response.writeHead(404).end()
    })
    const sockets = new WebSocketServer({
      server: http,
      verifyClient: ({ req }: { req: IncomingMessage }) => req.headers.cookie === 'session=s3cret-id',
    })
    sockets.on('connection', (socket) => socket.send('welcome'))
    const port = await listen(http)
    const socket = { url: `ws://127.0.0.1:${port}/chat`, cookieJar: true } as const
    const { id } = await live.engine.handlers.connect({ spec: socket })
    await live.until(() => stateOf(id) === 'failed')
    await ask(`http://127.0.0.1:${port}/login`, { method: 'POST', body: 'user=ada' })
    assert.ok(await live.connect(socket))
    // Without the jar, nothing is sent.
    const without = await live.engine.handlers.connect({ spec: { url: socket.url } })
    await live.until(() => stateOf(without.id) === 'failed')
    const { lines } = await live.engine.handlers.lines({ from: 0, max: 1000 })
    assert.ok(lines.some((line) => line.includes('set-cookie')))
    assert.ok(!lines.join('\n').includes('s3cret-id'))
  })

  it('are those that a handshake sets, accepted or refused', async () => {
    const http = createServer()
    const seen: (string | undefined)[] = []
    const sockets = new WebSocketServer({ noServer: true })
    sockets.on('headers', (headers) => headers.push('Set-Cookie: b=2'))
    http.on('upgrade', (request: IncomingMessage, socket, head) => {
      seen.push(request.headers.cookie)
      if (request.headers.cookie === undefined)
        socket.end('HTTP/1.1 401 Unauthorized\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n')
      else sockets.handleUpgrade(request, socket, head, (open) => open.close())
    })
    const url = `ws://127.0.0.1:${await listen(http)}/`
    for (let attempt = 0; attempt < 3; attempt++) await ask(url)
    assert.deepEqual(seen, [undefined, 'a=1', 'a=1; b=2'])
  })

  it('follow path, expiry and Max-Age', async () => {
    const { url, seen } = await server({
      '/set': setting(
        'all=1; Path=/',
        'deep=2; Path=/deep',
        'old=3; Path=/; Expires=Thu, 01 Jan 2015 00:00:00 GMT',
        'gone=4; Path=/; Max-Age=0',
        'long=5; Path=/; Max-Age=3600',
        'secure=6; Path=/; Secure',
        'other=7; Path=/; Domain=example.com',
      ),
      '/forget': setting('all=; Path=/; Max-Age=0'),
    })
    await ask(`${url}set`)
    await ask(`${url}deep/er`)
    await ask(`${url}forget`)
    await ask(`${url}deeper`)
    assert.deepEqual(seen, [
      ['/set', undefined],
      // Longer paths come first. Loopback is secure.
      ['/deep/er', 'deep=2; all=1; long=5; secure=6'],
      ['/forget', 'all=1; long=5; secure=6'],
      ['/deeper', 'long=5; secure=6'],
    ])
  })

  it('expire although they are used', async () => {
    const { url, seen } = await server({ '/set': setting('brief=1; Max-Age=1', 'long=2') })
    await ask(`${url}set`)
    const [brief] = await live.engine.handlers.cookies(null)
    const expires = brief?.expires ?? assert.fail('it has no expiry')
    for (;;) {
      const isOver = Date.now() >= expires
      await ask(`${url}get`)
      if (isOver) break
    }
    assert.deepEqual(seen.at(-1), ['/get', 'long=2'])
    assert.deepEqual(seen[1], ['/get', 'brief=1; long=2'])
  })

  it('stay with their host in a redirect, and those of the redirect are stored', async () => {
    const other = await server({})
    const there = other.url.replace('127.0.0.1', 'localhost')
    const { url, seen } = await server({
      '/login': setting('mine=1'),
      '/go': (response) => response.writeHead(302, { Location: '/then', 'Set-Cookie': 'more=2' }).end(),
      '/then': (response) =>
        response.writeHead(302, { Location: `${there}landing`, 'Set-Cookie': 'most=3' }).end(),
    })
    await ask(`${url}login`)
    await ask(`${url}go`)
    await ask(`${url}end`)
    assert.deepEqual(other.seen, [['/landing', undefined]])
    assert.deepEqual(seen.slice(1), [
      ['/go', 'mine=1'],
      ['/then', 'mine=1; more=2'],
      ['/end', 'mine=1; more=2; most=3'],
    ])
  })

  it('are joined with those that the user wrote, which win', async () => {
    const { url, seen } = await server({ '/set': setting('a=jar', 'b=jar') })
    await ask(`${url}set`)
    await ask(`${url}get`, { headers: { Cookie: 'c=mine; a=mine' } })
    assert.equal(seen[1]?.[1], 'c=mine; a=mine; b=jar')
  })

  it('change from one poll to the next', async () => {
    let count = 0
    const seen: (string | undefined)[] = []
    const url = await serveHttp((request, response) => {
      seen.push(request.headers.cookie)
      response.setHeader('Set-Cookie', `n=${++count}`).end(String(count))
    })
    const { id } = await live.engine.handlers.connect({
      spec: { url, transport: 'poll', interval: 1, cookieJar: true },
    })
    await live.until(() => seen.length >= 3)
    await live.engine.handlers.disconnect({ id })
    assert.deepEqual(seen.slice(0, 3), [undefined, 'n=1', 'n=2'])
  })

  it('keep bytes that are not ASCII', async () => {
    const { url, seen } = await server({
      '/set': (response) => {
        // With a text, Node.js would encode the head as UTF-8 again.
        response.setHeader('Set-Cookie', Buffer.from('name=Grüße').toString('latin1')).end(Buffer.from('set'))
      },
    })
    await ask(`${url}set`)
    await ask(`${url}get`)
    assert.equal(Buffer.from(seen[1]?.[1] ?? '', 'latin1').toString(), 'name=Grüße')
  })

  it('are listed without their values, which are given one by one, and deleted', async () => {
    const { url } = await server({ '/set': setting('a=hush-a; Path=/x; Secure; HttpOnly', 'b=hush-b') })
    await ask(`${url}set`)
    const { cookies, cookieValue, deleteCookies } = live.engine.handlers
    const listed = await cookies(null)
    assert.deepEqual(
      listed,
      [
        ...[{ name: 'b', path: '/', isSecure: false, isHttpOnly: false }],
        ...[{ name: 'a', path: '/x', isSecure: true, isHttpOnly: true }],
      ].map((each) => ({ ...each, domain: '127.0.0.1', isHostOnly: true })),
    )
    const [b = assert.fail(), a = assert.fail()] = listed
    assert.deepEqual(await cookieValue(a), { value: 'hush-a' })
    await deleteCookies(a)
    assert.equal(await cookieValue(a), null)
    assert.deepEqual(await cookies(null), [b])
    await deleteCookies({ domain: 'localhost' })
    assert.equal((await cookies(null)).length, 1)
    await deleteCookies({ domain: '127.0.0.1' })
    assert.deepEqual(await cookies(null), [])
    await ask(`${url}set`)
    await deleteCookies(null)
    assert.deepEqual(await cookies(null), [])
  })

  it('are bounded in size and number', async () => {
    const { url } = await server({ '/set': setting(`big=${'x'.repeat(5000)}`, 'small=1') })
    await ask(`${url}set`)
    const batch = (from: number) => setting(...Array.from({ length: 100 }, (_, n) => `c${from + n}=1`))
    const { url: many } = await server({ '/0': batch(0), '/100': batch(100), '/200': batch(200) })
    for (const path of ['0', '100', '200']) await ask(`${many}${path}`)
    const names = (await live.engine.handlers.cookies(null)).map(({ name }) => name)
    assert.equal(names.length, 180)
    assert.ok(!names.includes('big'))
    assert.ok(names.includes('c299'))
    assert.ok(!names.includes('c0'))
  })
})
