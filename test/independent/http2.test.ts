/** HTTP/2 servers that others wrote: nginx and Caddy, in front of an event stream. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { SseTransport } from '../../src/transport/sse.ts'
import { Attempt } from '../support/attempt.ts'
import { ask, readAll } from '../support/exchange.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { certificates } from '../support/tls.ts'
import { type Caddy, startCaddy } from './caddy.ts'
import { type Nginx, startHttp2Nginx } from './nginx.ts'

/** What the server behind the proxies sends: three events, then a pause until the client leaves; or a long body. */
const LONG = 300_000

describe('HTTP/2 servers', function () {
  this.timeout(60_000)
  let nginx: Nginx
  let caddy: Caddy
  const tls = { ca: [certificates().ca] }

  before(async () => {
    const upstream = createServer((request, response) => {
      if (request.url === '/long') return void response.end(Buffer.alloc(LONG, 'x'))
      if (request.url === '/cut') {
        response.writeHead(200, { 'content-length': '100' })
        response.write('part', () => response.destroy())
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-version': request.httpVersion })
      for (let count = 1; count <= 3; count++) response.write(`id: ${count}\ndata: hello\n\n`)
    })
    const port = await listen(upstream)
    nginx = await startHttp2Nginx(port, 'proxy_buffering off;')
    caddy = await startCaddy(port)
  })
  after(async () => {
    await nginx?.stop()
    await caddy?.stop()
    closeServers()
  })

  const servers: readonly (readonly [string, () => string, '2' | 'auto'])[] = [
    ['nginx with TLS', () => `https://${nginx.host}`, 'auto'],
    ['Caddy with TLS', () => caddy.secure, 'auto'],
    ['Caddy without TLS', () => caddy.plain, '2'],
  ]
  for (const [name, origin, http] of servers) {
    it(`reads events of ${name}`, async () => {
      const attempt = new Attempt(new SseTransport(), { url: `${origin()}/`, http, tls })
      await attempt.until('message', 3)
      await attempt.disconnect()
      const [open] = attempt.of('open')
      assert.equal(open?.httpVersion, '2')
      assert.ok((open?.headSize ?? 0) > 9 && (open?.requestHeadSize ?? 0) > 9)
      const event = 'id: 1\ndata: hello\n\n'.length
      let wire = 0
      for (const message of attempt.of('message')) wire += message.wireSize ?? Number.NaN
      // At least one frame, and at most one for each event.
      assert.ok(wire >= 3 * event + 9 && wire <= 3 * (event + 9), `${wire} bytes`)
    })

    it(`reads a long body of ${name}, and measures it`, async () => {
      const response = await ask(`${origin()}/long`, { spec: { http, tls } })
      const { text, end } = await readAll(response)
      assert.equal(text.length, LONG)
      assert.ok(end.complete)
      const framing = (response.wireLength() ?? 0) - LONG
      // Frames have 16 KiB at most.
      assert.ok(framing >= 9 * Math.ceil(LONG / 16384) && framing % 9 === 0, `${framing} bytes`)
    })

    it(`notices that a body of ${name} is cut`, async () => {
      const { text, end } = await readAll(await ask(`${origin()}/cut`, { spec: { http, tls } }))
      assert.equal(text, 'part')
      assert.ok(!end.complete)
      assert.match(end.failure.code, /^(?:STREAM_RESET|TRUNCATED)$/)
    })
  }
})
