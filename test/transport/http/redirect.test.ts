import assert from 'node:assert/strict'
import { createServer as createTlsServer } from 'node:https'
import { text } from 'node:stream/consumers'
import { afterEach, describe, it } from 'mocha'
import { HttpAgent } from '../../../src/transport/http/agent.ts'
import { ask, readAll } from '../../support/exchange.ts'
import { closeServers, listen, serveHttp } from '../../support/loopback.ts'
import { serveRaw } from '../../support/raw-server.ts'
import { certificates } from '../../support/tls.ts'

interface Arrived {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** A server that echoes requests. */
function serveMirror(): Promise<string> {
  return serveHttp(async (request, response) => {
    const { method, url, headers } = request
    response.end(JSON.stringify({ method, url, headers, body: await text(request) }))
  })
}

/** A server that redirects all paths but `/end` to `location`. */
function serveRedirect(status: number, location: (path: string) => string): Promise<string> {
  return serveHttp(async (request, response) => {
    const { method, url = '/', headers } = request
    const body = await text(request)
    if (url.startsWith('/end')) response.end(JSON.stringify({ method, url, headers, body }))
    else response.writeHead(status, { location: location(url) }).end('moved')
  })
}

async function arrived(asked: ReturnType<typeof ask>): Promise<Arrived> {
  return JSON.parse((await readAll(await asked)).text)
}

const SECRETS = { Authorization: 'Bearer abc', Cookie: 'a=b', 'X-Api-Key': 'abc', 'X-Other': 'kept' }

describe('a redirect', () => {
  afterEach(closeServers)

  const matrix = [
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [301, 'PUT', 'PUT'],
    [302, 'PUT', 'PUT'],
    [303, 'PUT', 'GET'],
    [307, 'PUT', 'PUT'],
    [308, 'PUT', 'PUT'],
    [303, 'GET', 'GET'],
  ] as const
  for (const [status, method, becomes] of matrix) {
    it(`changes ${method} to ${becomes} on ${status}`, async () => {
      const url = await serveRedirect(status, () => '/end')
      const sends = method !== 'GET'
      const seen = await arrived(
        ask(url, {
          method,
          headers: { ...SECRETS, ...(sends && { 'Content-Type': 'text/plain' }) },
          body: sends ? Buffer.from('body') : undefined,
        }),
      )
      const keeps = sends && becomes === method
      assert.deepEqual(
        [seen.method, seen.body, seen.headers['content-type'], seen.headers.authorization],
        [becomes, keeps ? 'body' : '', keeps ? 'text/plain' : undefined, 'Bearer abc'],
      )
    })
  }

  it('is reported, with the URL of the response', async () => {
    const url = await serveRedirect(302, (path) => (path === '/' ? '/second?x=1' : 'end'))
    const response = await ask(`${url}#part`)
    assert.deepEqual(response.redirects, [
      { status: 302, location: `${url}second?x=1#part` },
      { status: 302, location: `${url}end#part` },
    ])
    assert.equal(response.url, `${url}end#part`)
    response.abort()
  })

  it('reuses the connection if the response is small', async () => {
    const ports = new Set<number | undefined>()
    const url = await serveHttp((request, response) => {
      ports.add(request.socket.remotePort)
      if (request.url === '/end') response.end()
      else response.writeHead(302, { location: '/end' }).end()
    })
    const agent = new HttpAgent()
    await readAll(await ask(url, { agent }))
    assert.equal(ports.size, 1)
    agent.close()
  })

  for (const status of [307, 308]) {
    it(`sends a POST over a new connection on ${status}, because the server may close the old one`, async () => {
      const heads: string[] = []
      const host = await serveRaw((socket, head) => {
        heads.push(head.slice(0, head.indexOf(' HTTP')))
        if (head.startsWith('POST /end')) {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
          return
        }
        socket.write(`HTTP/1.1 ${status} Moved\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n`)
        socket.on('data', () => socket.resetAndDestroy())
      })
      const agent = new HttpAgent()
      const asked = { agent, method: 'POST', body: Buffer.from('body') }
      assert.equal((await readAll(await ask(`http://${host}/`, asked))).text, 'ok')
      assert.deepEqual(heads, ['POST /', 'POST /end'])
      agent.close()
    })
  }

  it('does not wait for a body that never ends', async () => {
    const url = await serveHttp((request, response) => {
      if (request.url === '/end') response.end('there')
      else response.writeHead(302, { location: '/end' }).write('for ever')
    })
    assert.equal((await readAll(await ask(url))).text, 'there')
  })

  it('drops secrets on the way to another origin', async () => {
    const other = await serveMirror()
    const url = await serveRedirect(307, () => other)
    const hidden = {
      'X-Forwarded': 'Bearer abc',
      'X-List': ['plain', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
      Referer: 'https://here.example/?token=abc',
    }
    const { headers } = await arrived(ask(url, { headers: { ...SECRETS, ...hidden, Host: 'named' } }))
    for (const name of Object.keys({ ...SECRETS, ...hidden }))
      assert.equal(headers[name.toLowerCase()], name === 'X-Other' ? 'kept' : undefined, name)
    assert.equal(headers.host, new URL(other).host)
  })

  it('drops the credentials in the URL, too', async () => {
    const other = await serveMirror()
    const url = await serveRedirect(307, () => other)
    const { headers } = await arrived(ask(url.replace('//', '//me:pass@')))
    assert.equal(headers.authorization, undefined)
  })

  it('drops secrets on the way from https to http', async () => {
    const other = await serveMirror()
    const server = createTlsServer(certificates().server, (_request, response) => {
      response.writeHead(302, { location: other }).end()
    })
    const url = `https://127.0.0.1:${await listen(server)}/`
    const spec = { tls: { ca: [certificates().ca], plainRedirects: true } }
    const { headers } = await arrived(ask(url, { spec, headers: SECRETS }))
    for (const name of Object.keys(SECRETS))
      assert.equal(headers[name.toLowerCase()], name === 'X-Other' ? 'kept' : undefined, name)
  })

  it('fails after twenty', async () => {
    const url = await serveRedirect(302, (path) => `${path}x`)
    await assert.rejects(ask(url), { code: 'TOO_MANY_REDIRECTS', message: /20/ })
    const twenty = await serveRedirect(302, (path) => (path.length === 20 ? '/end' : `${path}x`))
    assert.equal((await ask(twenty)).redirects.length, 20)
  })

  it('does not lead to other schemes than HTTP', async () => {
    for (const location of [
      'ftp://127.0.0.1/file',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'http://[bad',
    ]) {
      const url = await serveRedirect(302, () => location)
      await assert.rejects(ask(url), { code: 'BAD_REDIRECT' })
    }
  })

  it('is not followed without a Location', async () => {
    const url = await serveHttp((_request, response) => void response.writeHead(302).end('stay'))
    const response = await ask(url)
    assert.equal(response.status, 302)
    assert.equal((await readAll(response)).text, 'stay')
  })

  it('shares the time limit of one response', async () => {
    const url = await serveHttp((request, response) => {
      setTimeout(() => response.writeHead(302, { location: `${request.url}x` }).end(), 40)
    })
    await assert.rejects(ask(url, { headTimeout: 150 }), { code: 'TIMEOUT' })
  })
})
