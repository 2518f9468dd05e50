import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { WebSocketServer } from 'ws'
import { closeServers, refusedPort, serveHttp } from '../../support/loopback.ts'
import { serveRaw } from '../../support/raw-server.ts'
import { connect, eventStream } from './support.ts'

describe('the response to a request for an event stream', () => {
  afterEach(closeServers)

  it('is requested as in the standard, unless the user sets other fields', async () => {
    const requests: IncomingMessage[] = []
    const url = await serveHttp((request, response) => {
      requests.push(request)
      eventStream(request, response)
      response.end()
    })
    await connect(url).outcome
    await connect(url, { headers: { ACCEPT: 'x/y', 'X-Token': 'ü' } }).outcome
    assert.equal(requests[0]?.method, 'GET')
    assert.equal(requests[0]?.headers.accept, 'text/event-stream')
    assert.equal(requests[0]?.headers['cache-control'], 'no-store')
    assert.equal(requests[0]?.headers['last-event-id'], undefined)
    assert.equal(requests[1]?.headers.accept, 'x/y')
    assert.equal(Buffer.from(String(requests[1]?.headers['x-token']), 'latin1').toString(), 'ü')
  })

  it('sends a body by POST, and repeats that only if the user set a reconnect policy', async () => {
    const bodies: string[] = []
    const url = await serveHttp(async (request, response) => {
      bodies.push(`${request.method} ${await readText(request)}`)
      eventStream(request, response)
      response.end('data: x\n\n')
    })
    const body = '{"stream":true}'
    assert.equal((await connect(url, { body }).outcome).end, 'done')
    assert.equal((await connect(url, { body, reconnect: 100 }).outcome).end, 'lost')
    assert.equal((await connect(url, { body, method: 'PUT' }).outcome).end, 'lost')
    assert.deepEqual(bodies, [`POST ${body}`, `POST ${body}`, `PUT ${body}`])
  })

  it('follows redirects with method and body', async () => {
    const url = await serveHttp(async (request, response) => {
      if (request.url === '/') {
        response.writeHead(307, { location: '/events' }).end()
        return
      }
      const body = await readText(request)
      eventStream(request, response)
      response.end(`data: ${request.method} ${request.url} ${body}\n\n`)
    })
    const attempt = connect(url, { body: 'b' })
    await attempt.outcome
    assert.deepEqual(attempt.texts(), ['POST /events b'])
    assert.deepEqual(attempt.of('open')[0]?.redirects, [{ status: 307, location: `${url}events` }])
  })

  it('ends the connection at 204', async () => {
    const url = await serveHttp((_request, response) => response.writeHead(204).end())
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['open', 'close'],
    )
    assert.equal(attempt.of('open')[0]?.status, 204)
    assert.deepEqual(attempt.of('error'), [])
  })

  it('fails on any other status, and quotes the server', async () => {
    const url = await serveHttp((_request, response) =>
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"why":\n "no\u0007 room"}'),
    )
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'failed')
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['error'],
    )
    const [error] = attempt.of('error')
    assert.equal(error?.code, 'HTTP_STATUS')
    assert.equal(error?.status, 503)
    assert.match(error?.message ?? '', /answered 503 Service Unavailable \("\{"why": "no room"\}"\); .+\.$/)
  })

  it('does not wait for the body of a refusal that never ends', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(400, { 'content-type': 'text/plain' })
      response.write('no')
    })
    const attempt = connect(url)
    await attempt.outcome
    assert.match(attempt.of('error')[0]?.message ?? '', /400 Bad Request \("no"\)/)
  })

  it('says how to reach a WebSocket server', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    const attempt = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    assert.equal((await attempt.outcome).end, 'failed')
    server.close()
    assert.match(
      attempt.of('error')[0]?.message ?? '',
      /426 Upgrade Required .*; .*connect by ws:\/\/ or wss:/,
    )
  })

  it('fails on another type than text/event-stream, and accepts any parameters and case', async () => {
    const url = await serveHttp((request, response) => {
      response.writeHead(200, {
        'content-type': request.url === '/ok' ? 'Text/Event-Stream;charset=x' : 'text/html',
      })
      if (request.url === '/ok') response.end('data: x\n\n')
      else {
        response.write('<p>endless')
        response.on('close', () => closed())
      }
    })
    let closed = () => {}
    const hungUp = new Promise<void>((resolve) => {
      closed = resolve
    })
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'failed')
    await hungUp
    assert.equal(attempt.of('error')[0]?.code, 'BAD_MIME')
    assert.match(attempt.of('error')[0]?.message ?? '', /text\/html rather than text\/event-stream; .+\.$/)
    assert.deepEqual(attempt.of('open'), [])
    const fine = connect(`${url}ok`)
    await fine.outcome
    assert.deepEqual(fine.texts(), ['x'])
  })

  it('uses the last of several types, as in the Fetch standard', async () => {
    for (const [types, end] of [
      [['text/html', 'text/event-stream'], 'lost'],
      [['text/event-stream, text/event-stream;charset=utf-8'], 'lost'],
      [['text/event-stream', 'text/html'], 'failed'],
    ] as const) {
      const lines = types.map((type) => `Content-Type: ${type}\r\n`).join('')
      const host = await serveRaw((socket) => socket.end(`HTTP/1.1 200 OK\r\n${lines}\r\ndata: x\n\n`))
      assert.equal((await connect(`http://${host}/`).outcome).end, end, types.join(' | '))
    }
  })

  it('retries after a refused port and after a head that does not arrive', async () => {
    const refused = connect(`http://127.0.0.1:${await refusedPort()}/`)
    assert.equal((await refused.outcome).end, 'lost')
    assert.deepEqual(
      refused.events.map((event) => event.type),
      ['error'],
    )
    assert.equal(refused.of('error')[0]?.code, 'ECONNREFUSED')
    const late = connect(await serveHttp(() => {}), { timeout: 50 })
    assert.equal((await late.outcome).end, 'lost')
    assert.equal(late.of('error')[0]?.code, 'TIMEOUT')
  })
})
