/** WebSockets over HTTP/2 through haproxy, which has them (RFC 8441), in front of a server of `ws`, and nginx, which has not. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { WebSocketTransport } from '../../src/transport/websocket.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { certificates } from '../support/tls.ts'
import { type Haproxy, startHaproxy } from './haproxy.ts'
import { type Nginx, startHttp2Nginx } from './nginx.ts'

const FRAME_HEADER = 9

describe('WebSockets over the HTTP/2 of other servers', function () {
  this.timeout(60_000)
  let haproxy: Haproxy
  let nginx: Nginx
  const tls = { ca: [certificates().ca] }

  before(async () => {
    const server = createServer((_request, response) => response.writeHead(404).end('no such room'))
    const sockets = new WebSocketServer({ server, path: '/chat', perMessageDeflate: { threshold: 0 } })
    sockets.on('connection', (socket) => {
      socket.on('error', () => {})
      socket.on('message', (data, isBinary) => {
        if (String(data) === 'leave') socket.close(4000, 'as you wish')
        else if (String(data) === 'break') socket.terminate()
        else socket.send(data, { binary: isBinary })
      })
    })
    const port = await listen(server)
    haproxy = await startHaproxy(port, {}, certificates().server)
    nginx = await startHttp2Nginx(
      port,
      'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;',
    )
  })
  after(async () => {
    await haproxy?.stop()
    await nginx?.stop()
    closeServers()
  })

  const open = async (http: '2' | 'auto', compression = true) => {
    const url = `wss://${haproxy.host}/chat`
    const attempt = new Attempt(new WebSocketTransport(), { url, http, tls, compression })
    await attempt.until('open')
    assert.equal(attempt.of('open')[0]?.httpVersion, '2')
    return attempt
  }
  const send = (attempt: Attempt, content: string) =>
    attempt.transport.send({ opcode: 'text', payload: Buffer.from(content) })

  for (const compression of [false, true])
    it(`haproxy passes messages of any size ${compression ? 'with' : 'without'} compression`, async () => {
      const attempt = await open('auto', compression)
      const contents = ['hello', 'x'.repeat(200_000), 'end']
      for (const content of contents) send(attempt, content)
      await attempt.until('message', 6)
      assert.deepEqual(attempt.texts(), contents)
      const large = attempt.of('message').filter(({ payload }) => payload.length === 200_000)
      // A DATA frame has 16 KiB at most. haproxy may put several messages into one.
      const frames = Math.floor(200_000 / 16_384)
      const sizeOf = (direction: string) => large.find((each) => each.direction === direction)?.wireSize
      if (!compression) {
        assert.ok((sizeOf('in') ?? 0) >= 200_000 + frames * FRAME_HEADER)
        // It stays unknown if the first echo arrives before haproxy has taken the whole message.
        assert.ok((sizeOf('out') ?? Number.POSITIVE_INFINITY) >= 200_000 + frames * FRAME_HEADER)
      }
      assert.equal((await attempt.disconnect()).end, 'done')
      assert.deepEqual(attempt.of('error'), [])
    })

  it('haproxy passes the close code', async () => {
    const attempt = await open('2')
    send(attempt, 'leave')
    await attempt.outcome
    const [close] = attempt.of('close')
    assert.deepEqual([close?.by, close?.code, close?.reason], ['server', 4000, 'as you wish'])
  })

  it('haproxy ends the stream if the server breaks off', async () => {
    const attempt = await open('2')
    send(attempt, 'break')
    assert.equal((await attempt.outcome).end, 'lost')
    assert.deepEqual(
      attempt.of('close').map(({ by, code }) => [by, code]),
      [['network', 1006]],
    )
  })

  it('haproxy passes a refusal', async () => {
    const attempt = new Attempt(new WebSocketTransport(), {
      url: `wss://${haproxy.host}/other`,
      http: '2',
      tls,
    })
    await attempt.outcome
    assert.match(attempt.of('error')[0]?.message ?? '', /40[04]/)
  })

  it('nginx has none: auto uses HTTP/1.1, and 2 fails', async () => {
    const url = `wss://${nginx.host}/chat`
    const attempt = new Attempt(new WebSocketTransport(), { url, http: 'auto', tls })
    await attempt.until('open')
    assert.equal(attempt.of('open')[0]?.httpVersion, '1.1')
    await attempt.disconnect()
    const refused = new Attempt(new WebSocketTransport(), { url, http: '2', tls })
    await refused.outcome
    assert.match(refused.of('error')[0]?.message ?? '', /has no WebSockets over HTTP\/2 \(RFC 8441\)/)
  })
})
