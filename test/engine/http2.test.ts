/** Connections of a hub that share HTTP/2 sessions, over TLS and without. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import http2, { type ServerHttp2Stream } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { type WebSocket, WebSocketServer } from 'ws'
import { Hub } from '../../src/engine/hub.ts'
import { startClock } from '../../src/shared/clock.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { serveHttp2, serveHttps2, serveWebSocketOverHttp2 } from '../support/http2.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { startProxy } from '../support/proxy.ts'
import { certificates } from '../support/tls.ts'

type EventOf<T extends RealtimeEvent['type']> = RealtimeEvent & { readonly type: T }

class RecordingHub {
  readonly events: RealtimeEvent[] = []
  readonly #watchers = new Set<() => void>()
  readonly hub = new Hub({
    clock: startClock(),
    network: { noProxy: '*' },
    sink: {
      append: (event) => {
        this.events.push('payload' in event ? { ...event, payload: event.payload.slice() } : event)
        for (const watch of this.#watchers) watch()
        return true
      },
      onWritable: () => {},
    },
  })

  of<T extends RealtimeEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type)
  }

  /** Settles when there are `count` events of the type. */
  async until(type: RealtimeEvent['type'], count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const watch = () => {
        if (this.of(type).length < count) return
        this.#watchers.delete(watch)
        resolve()
      }
      this.#watchers.add(watch)
      watch()
    })
  }
}

function sendEvents(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
  stream.write('data: hello\n\n')
}

describe('connections over HTTP/2', () => {
  let hubs: RecordingHub[] = []
  const start = () => {
    const recording = new RecordingHub()
    hubs.push(recording)
    return recording
  }
  afterEach(async () => {
    await Promise.all(hubs.map(({ hub }) => hub.disconnectAll()))
    hubs = []
    closeServers()
  })

  it('opens one TCP connection for six event streams', async () => {
    const { origin, connections } = await serveHttp2(sendEvents)
    const recording = start()
    for (let count = 0; count < 6; count++)
      recording.hub.connect({ url: `${origin}/${count}`, transport: 'sse', http: '2' })
    await recording.until('message', 6)
    assert.equal(connections(), 1)
    const opens = recording.of('open')
    assert.deepEqual(
      opens.map(({ httpVersion }) => httpVersion),
      Array.from({ length: 6 }, () => '2'),
    )
    // Only the first one opened the connection.
    assert.equal(opens.filter(({ timing }) => timing?.tcp !== undefined).length, 1)
    for (const message of recording.of('message'))
      assert.equal(message.wireSize, 9 + 'data: hello\n\n'.length)
  })

  it('chooses HTTP/2 over TLS if the server does, for all at once', async () => {
    const { origin, connections } = await serveHttps2(sendEvents, { allowHTTP1: true })
    const recording = start()
    const tls = { ca: [certificates().ca] }
    for (let count = 0; count < 6; count++)
      recording.hub.connect({ url: origin, transport: 'sse', http: 'auto', tls })
    await recording.until('message', 6)
    assert.equal(connections(), 1)
    for (const { httpVersion, tls: secured } of recording.of('open')) {
      assert.equal(httpVersion, '2')
      assert.equal(secured?.protocol, 'TLSv1.3')
    }
  })

  it('chooses HTTP/1.1 if the server does not offer HTTP/2', async () => {
    let sockets = 0
    const handler: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: hello\n\n')
    }
    const server = createHttpsServer(certificates().server, handler)
    server.on('secureConnection', () => sockets++)
    const url = `https://127.0.0.1:${await listen(server)}/`
    const recording = start()
    const tls = { ca: [certificates().ca] }
    for (let count = 0; count < 3; count++)
      recording.hub.connect({ url, transport: 'sse', http: 'auto', tls })
    await recording.until('message', 3)
    assert.equal(sockets, 3)
    for (const { httpVersion, timing } of recording.of('open')) {
      assert.equal(httpVersion, '1.1')
      assert.ok((timing?.tls ?? -1) >= 0)
    }
  })

  it('polls over one connection of HTTP/1.1 that was negotiated', async () => {
    let sockets = 0
    const server = createHttpsServer(certificates().server, (_request, response) => response.end('same'))
    server.on('secureConnection', () => sockets++)
    const url = `https://127.0.0.1:${await listen(server)}/`
    const recording = start()
    const tls = { ca: [certificates().ca] }
    recording.hub.connect({ url, transport: 'poll', http: 'auto', interval: 1, tls })
    await recording.until('response', 3)
    assert.equal(sockets, 1)
  })

  it('polls over a session, and counts its heads', async () => {
    const { origin, connections } = await serveHttp2((stream) => stream.end('same'))
    const recording = start()
    recording.hub.connect({ url: origin, transport: 'poll', http: '2', interval: 1 })
    await recording.until('response', 3)
    assert.equal(connections(), 1)
    const [first, second] = recording.of('response')
    // HPACK does not repeat what it has sent.
    assert.ok((second?.requestHeadSize ?? 0) < (first?.requestHeadSize ?? 0))
    assert.ok((second?.headSize ?? 0) > 9)
  })

  it('fails if HTTP/2 is demanded and the server does not offer it', async () => {
    const server = createHttpsServer(certificates().server, (_request, response) => response.end())
    const url = `https://127.0.0.1:${await listen(server)}/`
    const recording = start()
    const tls = { ca: [certificates().ca] }
    await recording.hub.connect({ url, transport: 'sse', http: '2', tls }).done
    const [error] = recording.of('error')
    assert.equal(error?.code, 'NO_HTTP2')
    assert.match(error?.message ?? '', /does not offer HTTP\/2; use HTTP\/1\.1/)
  })

  it('checks certificates', async () => {
    const { origin } = await serveHttps2(sendEvents)
    const recording = start()
    await recording.hub.connect({ url: origin, transport: 'sse', http: 'auto' }).done
    assert.match(recording.of('error')[0]?.message ?? '', /certificate/)
  })

  it('does not share a session with a connection that checks the certificate', async () => {
    const { origin } = await serveHttps2(sendEvents)
    const recording = start()
    const spec: ConnectionSpec = { url: origin, transport: 'sse', http: '2' }
    recording.hub.connect({ ...spec, tls: { insecure: true } })
    await recording.until('message', 1)
    await recording.hub.connect(spec).done
    assert.match(recording.of('error')[0]?.message ?? '', /certificate/)
  })

  it('waits if the server allows no more requests, and says so', async () => {
    const streams: ServerHttp2Stream[] = []
    const { origin } = await serveHttp2(
      (stream) => {
        streams.push(stream)
        sendEvents(stream)
      },
      { settings: { maxConcurrentStreams: 1 } },
    )
    const recording = start()
    const spec: ConnectionSpec = { url: origin, transport: 'sse', http: '2', reconnect: 'never' }
    recording.hub.connect(spec)
    await recording.until('message', 1)
    recording.hub.connect(spec)
    await recording.hub.connect({ ...spec, timeout: 50 }).done
    assert.match(
      recording.of('error')[0]?.message ?? '',
      /not sent within 50 ms, because 127\.0\.0\.1:\d+ allows one request at a time on an HTTP\/2 connection, and others/,
    )
    assert.equal(streams.length, 1)
    streams[0]?.end()
    await recording.until('message', 2)
    const [, waited] = recording.of('open')
    assert.ok((waited?.timing?.queued ?? 0) > 0)
    assert.equal(recording.of('open')[0]?.timing?.queued, undefined)
  })

  it('opens another session after GOAWAY, while the first one serves its streams', async () => {
    const sessions: http2.ServerHttp2Session[] = []
    const { origin, server, connections } = await serveHttp2(sendEvents)
    server.on('session', (session: http2.ServerHttp2Session) => sessions.push(session))
    const recording = start()
    const spec: ConnectionSpec = { url: origin, transport: 'sse', http: '2' }
    recording.hub.connect(spec)
    await recording.until('message', 1)
    const [session] = sessions
    session?.goaway(http2.constants.NGHTTP2_NO_ERROR)
    await new Promise<void>((resolve) => session?.ping(() => resolve()))
    recording.hub.connect(spec)
    await recording.until('message', 2)
    assert.equal(connections(), 2)
    assert.equal(recording.of('close').length, 0)
  })

  it('goes through a tunnel of a proxy, also without TLS', async () => {
    const { origin } = await serveHttp2(sendEvents)
    const proxy = await startProxy()
    const recording = start()
    recording.hub.connect({ url: origin, transport: 'sse', http: '2', proxy: proxy.url })
    await recording.until('message', 1)
    assert.equal(recording.of('open')[0]?.httpVersion, '2')
  })

  it('reconnects with the last event ID on the same session', async () => {
    const ids: unknown[] = []
    const { origin, connections } = await serveHttp2((stream, headers) => {
      ids.push(headers['last-event-id'])
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
      stream.end(`retry: 1\nid: ${ids.length}\ndata: x\n\n`)
    })
    const recording = start()
    recording.hub.connect({ url: origin, transport: 'sse', http: '2' })
    await recording.until('message', 3)
    assert.deepEqual(ids.slice(0, 3), [undefined, '1', '2'])
    assert.equal(connections(), 1)
  })

  it('shares the connection between a WebSocket and an event stream', async () => {
    const server = await serveWebSocketOverHttp2((socket) => socket.send('hello'), {
      isTls: true,
      handler: (stream, headers) => {
        if (headers[':method'] === 'GET') sendEvents(stream)
        return false
      },
    })
    const recording = start()
    const tls = { ca: [certificates().ca] }
    recording.hub.connect({ url: server.url, http: 'auto', tls })
    recording.hub.connect({ url: server.origin, transport: 'sse', http: 'auto', tls })
    await recording.until('message', 2)
    assert.equal(server.connections(), 1)
    assert.deepEqual(
      recording.of('open').map(({ httpVersion }) => httpVersion),
      ['2', '2'],
    )
  })

  it('opens a WebSocket over HTTP/1.1 if the server has none over HTTP/2', async () => {
    const { origin, server, connections } = await serveHttps2(sendEvents, { allowHTTP1: true })
    const sockets = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (opened) => opened.send('hello')),
    )
    const recording = start()
    const tls = { ca: [certificates().ca] }
    recording.hub.connect({ url: origin.replace('https', 'wss'), http: 'auto', tls })
    await recording.until('message', 1)
    const [open] = recording.of('open')
    assert.deepEqual([open?.httpVersion, open?.status, connections()], ['1.1', 101, 2])
  })

  it('opens a WebSocket on the connection on which the server chose HTTP/1.1', async () => {
    const server = createHttpsServer(certificates().server)
    let connections = 0
    server.on('secureConnection', () => connections++)
    new WebSocketServer({ server }).on('connection', (socket) => socket.send('hello'))
    const url = `wss://127.0.0.1:${await listen(server)}/`
    const recording = start()
    recording.hub.connect({ url, http: 'auto', tls: { ca: [certificates().ca] } })
    await recording.until('message', 1)
    assert.deepEqual([recording.of('open')[0]?.httpVersion, connections], ['1.1', 1])
  })

  it('opens a WebSocket through a tunnel, and waits if the server allows no more requests', async () => {
    const opened: WebSocket[] = []
    const server = await serveWebSocketOverHttp2(
      (socket) => {
        opened.push(socket)
        socket.send('hello')
      },
      { server: { settings: { maxConcurrentStreams: 1 } } },
    )
    const proxy = await startProxy()
    const recording = start()
    const spec: ConnectionSpec = { url: server.url, http: '2', proxy: proxy.url, reconnect: 'never' }
    recording.hub.connect(spec)
    await recording.until('message', 1)
    await recording.hub.connect({ ...spec, timeout: 50 }).done
    assert.match(
      recording.of('error')[0]?.message ?? '',
      /not sent within 50 ms, because .* allows one request at a time/,
    )
    recording.hub.connect(spec)
    opened[0]?.close(1000)
    await recording.until('message', 2)
    assert.ok((recording.of('open')[1]?.timing?.queued ?? 0) > 0)
    assert.equal(server.connections(), 1)
  })

  it('answers a challenge for a WebSocket, and sends the credentials of the URL', async () => {
    const sent: unknown[] = []
    const server = await serveWebSocketOverHttp2((socket) => socket.send('hello'), {
      handler: (stream, { authorization }) => {
        sent.push(authorization)
        if (authorization !== undefined) return false
        stream.respond({
          ':status': 401,
          'www-authenticate': 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256',
        })
        stream.end()
        return true
      },
    })
    const recording = start()
    const user = { user: 'me', password: 'secret' }
    recording.hub.connect({ url: server.url, http: '2', credentials: { kind: 'digest', ...user } })
    await recording.until('message', 1)
    assert.match(String(sent[1]), /^Digest username="me", .*uri="\/"/)
    assert.equal(recording.of('open')[0]?.challenges, 1)
    recording.hub.connect({ url: server.url.replace('://', '://me:pw@'), http: '2' })
    await recording.until('message', 2)
    assert.equal(sent.at(-1), `Basic ${Buffer.from('me:pw').toString('base64')}`)
  })

  it('reconnects a WebSocket that the server drops, on the same connection', async () => {
    let count = 0
    const server = await serveWebSocketOverHttp2((socket) => {
      socket.send(`hello ${++count}`)
      if (count === 1) socket.close(1012)
    })
    const recording = start()
    recording.hub.connect({ url: server.url, http: '2', reconnect: 1 })
    await recording.until('message', 2)
    assert.equal(server.connections(), 1)
  })

  it('closes the connection once all have disconnected', async () => {
    const { origin, server } = await serveHttp2(sendEvents)
    const closed = once(server, 'session').then(([session]) => once(session, 'close'))
    const recording = start()
    recording.hub.connect({ url: origin, transport: 'sse', http: '2' })
    await recording.until('message', 1)
    await recording.hub.disconnectAll()
    await closed
  })
})
