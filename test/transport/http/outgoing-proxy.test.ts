import assert from 'node:assert/strict'
import { createServer as createTlsServer } from 'node:https'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { Failure } from '../../../src/shared/failure.ts'
import { maskText } from '../../../src/shared/secrets.ts'
import { environment, proxyAuthorization, proxyFor } from '../../../src/transport/http/outgoing-proxy.ts'
import { ask, readAll } from '../../support/exchange.ts'
import { closeServers, listen, refusedPort, serveHttp } from '../../support/loopback.ts'
import { startProxy } from '../../support/proxy.ts'
import { serveRaw } from '../../support/raw-server.ts'
import { certificates } from '../../support/tls.ts'

const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
])

/** Runs each test of the suite without proxies in the environment, except those that it sets. */
function cleanEnvironment(): void {
  let saved: [string, string | undefined][] = []
  beforeEach(() => {
    saved = VARIABLES.map((name) => [name, process.env[name]])
    for (const name of VARIABLES) delete process.env[name]
  })
  afterEach(() => {
    for (const [name, value] of saved) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
}

function proxyOf(url: string, proxy?: string, network = {}): string | undefined {
  return proxyFor(new URL(url), { url, ...(proxy !== undefined && { proxy }) }, network)?.href
}

async function serveTls(): Promise<string> {
  const server = createTlsServer(certificates().server, (request, response) => void response.end(request.url))
  return `https://127.0.0.1:${await listen(server)}/secure`
}

const tls = { ca: [certificates().ca] }

describe('proxyFor', () => {
  cleanEnvironment()

  it('prefers the spec to the editor and the editor to the environment', () => {
    process.env.http_proxy = 'http://environment:1'
    assert.equal(proxyOf('http://a/'), 'http://environment:1/')
    assert.equal(proxyOf('http://a/', undefined, { proxy: 'http://editor:2' }), 'http://editor:2/')
    assert.equal(proxyOf('http://a/', 'spec:3', { proxy: 'http://editor:2' }), 'http://spec:3/')
  })

  it('uses HTTP_PROXY for ws, HTTPS_PROXY for wss, and ALL_PROXY otherwise', () => {
    process.env.HTTP_PROXY = 'http://plain:1'
    process.env.ALL_PROXY = 'http://all:2'
    assert.equal(proxyOf('ws://a/'), 'http://plain:1/')
    assert.equal(proxyOf('wss://a/'), 'http://all:2/')
    process.env.HTTPS_PROXY = 'https://secure:3'
    assert.equal(proxyOf('wss://a/'), 'https://secure:3/')
    assert.equal(proxyOf('https://a/'), 'https://secure:3/')
  })

  it('treats a proxy of the environment without a scheme as an HTTP proxy', () => {
    process.env.HTTPS_PROXY = 'proxy.example:3128'
    assert.equal(proxyOf('https://a/'), 'http://proxy.example:3128/')
    assert.equal(proxyOf('wss://a/'), 'http://proxy.example:3128/')
  })

  it('reaches hosts in the NO_PROXY lists directly, unless the spec names a proxy', () => {
    process.env.http_proxy = 'http://environment:1'
    for (const [list, host, direct] of [
      ['a.example, b.example', 'b.example', true],
      ['a.example b.example', 'b.example', true],
      ['A.Example', 'a.example', true],
      ['a.example', 'sub.a.example', true],
      ['a.example', 'sub.a.example.', true],
      ['a.example', 'nota.example', false],
      ['.example', 'a.example', true],
      ['.a.example', 'a.example', true],
      ['*.example', 'a.example', true],
      ['*.a.example', 'a.example', false],
      ['a.example:8080', 'a.example', false],
      ['a.example:80', 'a.example', true],
      ['127.0.0.1', '127.0.0.1', true],
      ['0.0.1', '127.0.0.1', false],
      ['10.0.0.0/8', '10.1.2.3', true],
      ['10.0.0.0/8', '11.1.2.3', false],
      ['10.0.0.0/40', '10.0.0.0', false],
      ['127.0.0.1:81', '127.0.0.1', false],
      ['::1', '[::1]', true],
      ['0:0::1', '[::1]', true],
      ['[::1]', '[::1]', true],
      ['[::1]:80', '[::1]', true],
      ['[::1]:81', '[::1]', false],
      ['::2', '[::1]', false],
      ['fd00::/8', '[fd12::1]', true],
      ['*', 'a.example', true],
      ['*', '[::1]', true],
      ['', 'a.example', false],
      [', ,', 'a.example', false],
      ['.', 'a.example', false],
    ] as const) {
      assert.equal(proxyOf(`http://${host}/`, undefined, { noProxy: list }) === undefined, direct, list)
      process.env.no_proxy = list
      assert.equal(proxyOf(`http://${host}/`) === undefined, direct, list)
      assert.equal(proxyOf(`http://${host}/`, 'http://spec:3'), 'http://spec:3/')
      delete process.env.no_proxy
    }
  })

  it('rejects with a sentence what is not a proxy', () => {
    for (const proxy of ['socks4://me:pass@host:1080', 'http://', 'socks5://', 'not a host'])
      assert.throws(() => proxyOf('http://a/', proxy), {
        code: 'BAD_PROXY',
        message: /^(?!.*pass).*http:\/\/proxy/,
      })
  })

  it('uses SOCKS proxies of the environment and of the editor', () => {
    process.env.ALL_PROXY = 'socks5h://environment:1080'
    assert.equal(proxyOf('wss://a/'), 'socks5h://environment:1080')
    assert.equal(proxyOf('ws://a/', undefined, { proxy: 'socks5://editor:2' }), 'socks5://editor:2')
  })

  it('uses credentials from the proxy URL, else from the editor', () => {
    const network = { proxy: 'http://host', proxyAuthorization: 'Basic editor' }
    assert.equal(proxyAuthorization(new URL('http://a%3Ab:c@host'), network), `Basic ${btoa('a:b:c')}`)
    assert.equal(proxyAuthorization(new URL('http://host'), network), 'Basic editor')
    assert.equal(proxyAuthorization(new URL('http://host'), {}), undefined)
  })

  it('sends the editor’s credentials only to the editor’s proxy', () => {
    const secret = { proxyAuthorization: 'Basic editor' }
    for (const [named, proxy, given] of [
      ['http://corp:3128', 'http://corp:3128/', true],
      ['corp:3128', 'http://CORP:3128', true],
      ['http://corp:80', 'http://corp', true],
      ['http://corp:3128', 'http://other:3128', false],
      ['http://corp:3128', 'http://corp:3129', false],
      ['https://corp:3128', 'http://corp:3128', false],
      ['', 'http://corp:3128', false],
      [undefined, 'http://corp:3128', false],
    ] as const) {
      const network = named === undefined ? secret : { ...secret, proxy: named }
      assert.equal(proxyAuthorization(new URL(proxy), network), given ? 'Basic editor' : undefined, proxy)
    }
  })
})

describe('a request through a proxy', () => {
  cleanEnvironment()
  afterEach(closeServers)

  it('is forwarded if it is plain, with the server’s host', async () => {
    const url = await serveHttp(
      (request, response) => void response.end(`${request.headers.host} ${request.url}`),
    )
    const proxy = await startProxy()
    const response = await ask(`${url}path?q#f`, { network: { proxy: proxy.url } })
    assert.equal((await readAll(response)).text, `${new URL(url).host} /path?q`)
    assert.deepEqual(proxy.seen, [`GET ${url}path?q`])
    assert.equal(response.url, `${url}path?q#f`)
    const named = await ask(url, { network: { proxy: proxy.url }, headers: { HOST: 'named.example' } })
    assert.equal((await readAll(named)).text, 'named.example /')
  })

  it('goes through a tunnel if it is encrypted', async () => {
    const url = await serveTls()
    const proxy = await startProxy()
    const response = await ask(url, { network: { proxy: proxy.url }, spec: { tls } })
    assert.equal((await readAll(response)).text, '/secure')
    assert.deepEqual(proxy.seen, [`CONNECT ${new URL(url).host}`])
    assert.ok(response.tls !== undefined)
  })

  it('goes through a tunnel after informational responses', async () => {
    const url = await serveTls()
    const proxy = await startProxy({
      preface: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n',
    })
    const response = await ask(url, { spec: { proxy: proxy.url, tls } })
    assert.equal((await readAll(response)).text, '/secure')
  })

  it('goes through a proxy that is itself encrypted', async () => {
    const url = await serveTls()
    const proxy = await startProxy({ server: createTlsServer(certificates().server) })
    const spec = { tls, proxy: proxy.url.replace('http:', 'https:') }
    assert.equal((await readAll(await ask(url, { spec }))).text, '/secure')
    const plain = await serveHttp((_request, response) => void response.end('plain'))
    assert.equal((await readAll(await ask(plain, { spec }))).text, 'plain')
    assert.equal(proxy.seen.length, 2)
  })

  it('uses the environment’s proxy, but not for NO_PROXY', async () => {
    const url = await serveHttp((_request, response) => void response.end('ok'))
    const proxy = await startProxy()
    process.env.http_proxy = proxy.url
    await readAll(await ask(url, { network: {} }))
    process.env.no_proxy = '127.0.0.1'
    await readAll(await ask(url, { network: {} }))
    assert.equal(proxy.seen.length, 1)
  })

  it('sends credentials to the proxy, but not to the server', async () => {
    const proxy = await startProxy({ credentials: 'me:p@ss' })
    const spec = { tls, proxy: proxy.url.replace('//', '//me:p%40ss@') }
    const heard: unknown[] = []
    const url = await serveHttp((request, response) => {
      heard.push(request.headers['proxy-authorization'])
      response.end('ok')
    })
    assert.equal((await readAll(await ask(url, { spec }))).text, 'ok')
    assert.equal((await readAll(await ask(await serveTls(), { spec }))).text, '/secure')
    const headers = { 'Proxy-Authorization': `Basic ${btoa('me:p@ss')}` }
    const bare = { tls, proxy: proxy.url }
    assert.equal((await readAll(await ask(await serveTls(), { spec: bare, headers }))).text, '/secure')
    assert.deepEqual(heard, [undefined])
  })

  it('fails with a sentence if the proxy requires credentials', async () => {
    const proxy = await startProxy({ credentials: 'me:pass' })
    const url = await serveHttp((_request, response) => void response.end('ok'))
    for (const target of [url, await serveTls()])
      await assert.rejects(ask(target, { spec: { proxy: proxy.url } }), (failure: Failure) => {
        assert.deepEqual([failure.code, failure.status], ['PROXY_AUTH', 407])
        assert.match(failure.message, /requires a user name and a password; put them into its URL/)
        // Sessions mask the text of errors.
        assert.equal(maskText(failure.message), failure.message)
        return true
      })
  })

  it('fails with another sentence if the proxy does not accept the credentials', async () => {
    const proxy = await startProxy({ credentials: 'me:pass' })
    const url = await serveHttp((_request, response) => void response.end('ok'))
    for (const target of [url, await serveTls()])
      await assert.rejects(ask(target, { spec: { proxy: proxy.url.replace('//', '//me:wrong@') } }), {
        code: 'PROXY_AUTH',
        status: 407,
        message: /^(?!.*wrong).*does not accept the user name and password/,
      })
  })

  it('attributes a 407 through a tunnel to the server', async () => {
    const server = createTlsServer(certificates().server, (_request, response) => {
      response.writeHead(407).end()
    })
    const proxy = await startProxy()
    const url = `https://127.0.0.1:${await listen(server)}/`
    const response = await ask(url, { spec: { proxy: proxy.url, tls } })
    assert.equal(response.status, 407)
    response.abort()
  })

  it('fails with a sentence if the proxy refuses, or cannot be reached', async () => {
    const proxy = await startProxy({ refuse: 403 })
    await assert.rejects(ask(await serveTls(), { spec: { proxy: proxy.url } }), {
      code: 'PROXY',
      status: 403,
    })
    const nobody = `http://127.0.0.1:${await refusedPort()}`
    await assert.rejects(ask('http://server.example/', { spec: { proxy: nobody } }), {
      code: 'ECONNREFUSED',
      message: /^server\.example:80 cannot be reached through its proxy\. Connecting to .*refused/,
    })
    const silent = `http://${await serveRaw((socket) => socket.end())}`
    await assert.rejects(ask('https://server.example/', { spec: { proxy: silent } }), {
      message: /^server\.example:443 cannot be reached through its proxy\. .*closed the connection/,
    })
  })

  it('finds a variable of Windows by any spelling, and one of other systems in lower or upper case', () => {
    const variables = { Http_Proxy: 'http://proxy/' }
    assert.equal(environment('http_proxy', variables, 'win32'), 'http://proxy/')
    assert.equal(environment('http_proxy', variables, 'linux'), '')
    assert.equal(
      environment('http_proxy', { HTTP_PROXY: 'http://upper/', ...variables }, 'win32'),
      'http://upper/',
    )
    assert.equal(environment('no_proxy', variables, 'win32'), '')
  })

  it('has the wire spans of the connection to the proxy', async () => {
    // The proxy changes the framing; what counts is what arrives here.
    const proxy = await serveRaw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n'),
    )
    const response = await ask('http://server.example/', { spec: { proxy: `http://${proxy}` } })
    await readAll(response)
    assert.equal(response.wireSpan(0, 6), 16)
  })
})
