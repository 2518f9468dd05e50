/** What a connection as a browser sends, and what it gets for it. */
import assert from 'node:assert/strict'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import zlib from 'node:zlib'
import compression from 'compression'
import { parseSpec } from '../../../src/request/parse-spec.ts'
import { browserHeaders } from '../../../src/transport/browser/browser-headers.ts'
import { loadSites } from '../../../src/transport/browser/page.ts'
import { connectionStarter } from '../../support/connection.ts'
import { serveHttp } from '../../support/loopback.ts'

/** A server of events behind Express's compression, and the responses that it has begun. */
async function serveCompressed() {
  const responses: (ServerResponse & { flush?: () => void })[] = []
  const waiting: (() => void)[] = []
  const compress = compression({ threshold: 0 })
  const url = await serveHttp((request, response) => {
    compress(request, response, () => {
      response.setHeader('Content-Type', 'text/event-stream')
      response.flushHeaders()
      responses.push(response)
      for (const go of waiting.splice(0)) go()
    })
  })
  const response = async (index: number) => {
    while (responses[index] === undefined) await new Promise<void>((resolve) => waiting.push(resolve))
    return responses[index] as ServerResponse & { flush?: () => void }
  }
  return { url, response }
}

describe('as a browser', () => {
  const start = connectionStarter()

  it('gets events that compression middleware holds only when it lets go of them, while others get them at once', async () => {
    const { url, response } = await serveCompressed()
    const plain = start({ url, transport: 'sse', reconnect: 'never' })
    const toPlain = await response(0)
    const browser = start({ url, transport: 'sse', reconnect: 'never', asBrowser: true })
    const toBrowser = await response(1)
    for (let count = 1; count <= 3; count++) {
      for (const each of [toBrowser, toPlain]) each.write(`data: ${count}\n\n`)
      await plain.until('message', count)
    }
    // The plain connection has got every event that was written before; the browser's has got none.
    assert.deepEqual(plain.texts(), ['1', '2', '3'])
    assert.deepEqual(browser.texts(), [])
    toBrowser.flush?.()
    await browser.until('message', 3)
    assert.deepEqual(browser.texts(), ['1', '2', '3'])
    const [first, last] = [browser.of('message')[0], browser.of('message')[2]]
    assert.equal(first?.time, last?.time, 'they arrived together')
    toBrowser.write('data: 4\n\n')
    toBrowser.end()
    await browser.until('close')
    assert.deepEqual(browser.texts(), ['1', '2', '3', '4'])
    assert.match(String(browser.of('open')[0]?.headers['content-encoding']), /^(?:gzip|br|deflate)$/)
    assert.equal(plain.of('open')[0]?.headers['content-encoding'], undefined)
  })

  const CODERS = {
    gzip: () => zlib.createGzip(),
    deflate: () => zlib.createDeflate(),
    br: () => zlib.createBrotliCompress(),
    zstd: zlib.createZstdCompress,
  }
  for (const [coding, create] of Object.entries(CODERS)) {
    it(`decodes each event of a stream in ${coding} as it is flushed`, async function () {
      if (create === undefined) this.skip()
      let write: (text: string) => void = () => {}
      const url = await serveHttp((request, response) => {
        assert.ok(String(request.headers['accept-encoding']).split(', ').includes(coding))
        response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Content-Encoding': coding })
        const coder = create()
        coder.pipe(response)
        write = (text) => {
          coder.write(text)
          coder.flush()
        }
        write(': open\n')
      })
      const connection = start({ url, transport: 'sse', asBrowser: true })
      await connection.until('comment')
      for (let count = 1; count <= 3; count++) {
        write(`data: ${count}\n\n`)
        await connection.until('message', count)
      }
      assert.deepEqual(connection.texts(), ['1', '2', '3'])
    })
  }

  it('lets the header fields of the user win, also over the browser’s own', async () => {
    let received: IncomingHttpHeaders = {}
    const url = await serveHttp((request, response) => {
      received = request.headers
      response.end('x')
    })
    const headers = { 'user-agent': 'mine', 'ACCEPT-Encoding': 'identity', 'X-Own': 'a', referer: '' }
    const connection = start({ url, transport: 'http-stream', asBrowser: true, headers })
    await connection.until('close')
    const { 'user-agent': agent, 'accept-encoding': codings, 'x-own': own, referer, accept } = received
    assert.deepEqual([agent, codings, own, referer, accept], ['mine', 'identity', 'a', '', '*/*'])
  })

  it('sends what a library sends that reads an event stream with fetch', async () => {
    const seen: IncomingHttpHeaders[] = []
    const url = await serveHttp((request, response) => {
      seen.push(request.headers)
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('data: x\n\n')
    })
    const connection = start({ url, transport: 'sse', asBrowser: true, body: '{}', reconnect: 'never' })
    await connection.until('message')
    const [{ accept, pragma, origin } = {}] = seen
    assert.deepEqual([accept, pragma, origin], ['text/event-stream', undefined, url.slice(0, -1)])
  })

  it('tells no page to a server without encryption if the page is encrypted', async () => {
    await loadSites()
    const sent = (url: string, origin: string) => {
      const headers = { origin }
      return browserHeaders({ api: 'fetch', url: new URL(url), method: 'GET', headers })
    }
    assert.equal(sent('http://a.test/', 'https://b.test').Referer, undefined)
    assert.equal(sent('https://a.test/', 'https://b.test').Referer, 'https://b.test/')
    assert.equal(sent('https://a.test/', 'null').Referer, undefined)
    assert.equal(sent('https://a.test/', 'null')['Sec-Fetch-Site'], 'cross-site')
    assert.equal(sent('https://api.example.com/', 'https://www.example.com')['Sec-Fetch-Site'], 'same-site')
    assert.equal(sent('https://a.github.io/', 'https://b.github.io')['Sec-Fetch-Site'], 'cross-site')
  })

  it('is recorded with the connection', async () => {
    const url = await serveHttp((_, response) => response.end('x'))
    const spec = parseSpec({ url, transport: 'http-stream', asBrowser: true })
    const connection = start(spec)
    await connection.until('connect')
    assert.equal(connection.of('connect')[0]?.asBrowser, true)
  })
})
