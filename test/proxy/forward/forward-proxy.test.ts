/** The forward proxy between real clients and servers: curl, Node.js, undici and ws. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { connect, createServer as createTcpServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { chromium } from 'playwright-core'
import { fetch, ProxyAgent } from 'undici'
import { WebSocket } from 'ws'
import { findChromium } from '../../../scripts/system.ts'
import { createAuthority } from '../../../src/proxy/authority/store.ts'
import { type RecordingProxy, startRecordingProxy } from '../../../src/proxy/recording-proxy.ts'
import type { ProxyOptions } from '../../../src/shared/protocol/traffic.ts'
import { becomes } from '../../support/eventually.ts'
import { closeServers, listen, refusedPort, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { SeenTraffic } from '../../support/seen-traffic.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'
import { certificates } from '../../support/tls.ts'

const run = promisify(execFile)

describe('the forward proxy', () => {
  const proxies: RecordingProxy[] = []
  let seen: SeenTraffic

  beforeEach(() => {
    seen = new SeenTraffic()
  })

  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()))
    closeServers()
    removeTempDirs()
  })

  async function startProxy(options: ProxyOptions = {}): Promise<RecordingProxy & { readonly url: string }> {
    const proxy = await startRecordingProxy(1, options, seen)
    proxies.push(proxy)
    return Object.assign(proxy, { url: proxy.status().listening })
  }

  /** An HTTPS server that says which protocol version it was asked in. */
  async function serveTls(): Promise<string> {
    const { cert, key } = certificates().server
    const server = createServer({ cert, key }, (request, response) => response.end(`${request.url} over TLS`))
    return `https://localhost:${await listen(server)}`
  }

  /** What a program prints that is run with the proxy in its environment. */
  async function output(
    proxy: string,
    program: string,
    args: readonly string[],
    more: NodeJS.ProcessEnv = {},
  ) {
    const env = {
      ...process.env,
      http_proxy: proxy,
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      NO_PROXY: '',
      no_proxy: '',
    }
    const { stdout } = await run(program, args, { env: { ...env, ...more } })
    return stdout
  }

  it('passes on what curl, Node.js and undici request in absolute form', async () => {
    const paths: (string | undefined)[] = []
    const target = await serveHttp((request, response) => {
      paths.push(`${request.url} ${request.headers.host} ${request.headers['proxy-authorization']}`)
      response.end('plain')
    })
    const { host } = new URL(target)
    const { url } = await startProxy()
    assert.equal(
      await output(url, 'curl', ['-s', '--proxy-user', 'ada:secret', `${target}curl?a=1`]),
      'plain',
    )
    const script = `require('http').get('${target}node', (r) => r.pipe(process.stdout))`
    assert.equal(await output(url, process.execPath, ['--use-env-proxy', '-e', script]), 'plain')
    const dispatcher = new ProxyAgent({ uri: url, proxyTunnel: false })
    assert.equal(await (await fetch(`${target}undici`, { dispatcher })).text(), 'plain')
    await dispatcher.close()
    assert.deepEqual(
      paths,
      ['/curl?a=1', '/node', '/undici'].map((path) => `${path} ${host} undefined`),
    )
    assert.deepEqual(
      seen.exchanges.map(({ start, head }) => [start.url, head?.status]),
      ['curl?a=1', 'node', 'undici'].map((path) => [`${target}${path}`, 200]),
    )
  })

  it('sees plain HTTP and WebSockets in tunnels, too', async () => {
    const target = await serveHttp((_request, response) => void response.end('tunneled'))
    const { url } = await startProxy()
    const dispatcher = new ProxyAgent({ uri: url, proxyTunnel: true })
    assert.equal(await (await fetch(`${target}a`, { dispatcher })).text(), 'tunneled')
    await dispatcher.close()
    assert.deepEqual(
      seen.exchanges.map(({ start }) => start.url),
      [`${target}a`],
    )

    const echo = await serveWebSocket((socket) => socket.on('message', (data) => socket.send(data)))
    for (const agent of [new HttpsProxyAgent(url), new HttpProxyAgent(url)]) {
      const client = new WebSocket(`${echo}ws`, { agent })
      await once(client, 'open')
      client.send('hello')
      assert.equal(String((await once(client, 'message'))[0]), 'hello')
      client.close()
      await once(client, 'close')
    }
    assert.deepEqual(
      seen.sockets.map(({ start }) => start.url),
      [`${echo}ws`, `${echo}ws`],
    )
  })

  it('sees the requests and the WebSocket of a page in Chromium', async () => {
    const echo = await serveWebSocket((socket) => socket.on('message', (data) => socket.send(String(data))))
    const page = `<script>
      const socket = new WebSocket('${echo}page')
      socket.onopen = () => socket.send('hello')
      socket.onmessage = ({ data }) => { document.title = data }
    </script>`
    const target = await serveHttp((_request, response) => {
      response.setHeader('content-type', 'text/html').end(page)
    })
    const { url } = await startProxy()
    const browser = await chromium.launch({
      executablePath: findChromium(),
      // Chromium connects to loopback addresses directly, unless it is told not to. What it asks its maker is not of interest.
      proxy: { server: url, bypass: '<-loopback>,*.googleapis.com' },
    })
    try {
      const tab = await browser.newPage()
      await tab.goto(target)
      await tab.waitForFunction("document.title === 'hello'")
    } finally {
      await browser.close()
    }
    const hosts = new Set(seen.exchanges.map(({ start }) => new URL(start.url).host))
    assert.deepEqual([...hosts], [new URL(target).host])
    assert.deepEqual(
      seen.sockets.map(({ start }) => start.url),
      [`${echo}page`],
    )
  })

  it('passes TLS on in tunnels, counts the bytes and cannot read them', async () => {
    const target = await serveTls()
    const proxy = await startProxy()
    assert.equal(await output(proxy.url, 'curl', ['-sk', `${target}/x`]), '/x over TLS')
    const { requests, bytes } = proxy.status().passed
    assert.equal(requests, 1)
    assert.ok(bytes > 500, `${bytes} bytes`)
    assert.deepEqual(seen.exchanges, [])
  })

  it('passes tunnels on in which the server speaks first, and ends of one side', async () => {
    const port = await listen(
      createTcpServer({ allowHalfOpen: true }, (socket) => {
        socket.write('220 ready\r\n')
        void text(socket).then((heard) => socket.end(`heard ${heard}`))
      }),
    )
    const { url } = await startProxy()
    const client = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true })
    client.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
    let heard = ''
    client.setEncoding('latin1').on('data', (data) => {
      heard += data
      if (heard.endsWith('220 ready\r\n')) client.end('HELO')
    })
    await once(client, 'end')
    assert.equal(heard, 'HTTP/1.1 200 Connection established\r\n\r\n220 ready\r\nheard HELO')
  })

  /** A server that says what it hears first, and whose connections can be watched. */
  async function serveTcp() {
    const connections: Socket[] = []
    const port = await listen(
      createTcpServer({ allowHalfOpen: true }, (socket) => {
        connections.push(socket.on('error', () => {}).resume())
        socket.once('data', (data) => socket.end(`heard ${data}`))
      }),
    )
    return { connections, authority: `127.0.0.1:${port}` }
  }

  /** A client that asks for a tunnel. */
  function tunnelThrough(proxy: string, authority: string, rest = ''): Socket {
    const client = connect(Number(new URL(proxy).port), '127.0.0.1')
    client.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n${rest}`)
    return client
  }

  it('passes other protocols on that begin like a method', async () => {
    const { authority } = await serveTcp()
    const { url } = await startProxy()
    for (const beginning of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'SSH-2.0-client\r\n', 'PING\r\n']) {
      const client = tunnelThrough(url, authority)
      await once(client, 'data')
      client.write(beginning)
      assert.equal(await text(client), `heard ${beginning}`)
    }
  })

  it('passes on what a client sends before it knows that the tunnel is open', async () => {
    const { authority } = await serveTcp()
    const { url } = await startProxy()
    assert.match(await text(tunnelThrough(url, authority, 'early')), /\r\n\r\nheard early$/)
  })

  it('passes on that a server ends without a word', async () => {
    const port = await listen(createTcpServer((socket) => socket.end()))
    const { url } = await startProxy()
    assert.match(await text(tunnelThrough(url, `127.0.0.1:${port}`)), /^HTTP\/1\.1 200 .*\r\n\r\n$/)
  })

  it('closes both sides of a tunnel if one is gone before anything was said', async () => {
    const { authority, connections } = await serveTcp()
    const { url } = await startProxy()
    const client = tunnelThrough(url, authority)
    await once(client, 'data')
    client.resetAndDestroy()
    const [server] = connections
    await new Promise((resolve) => server?.on('close', resolve))
    const other = tunnelThrough(url, authority)
    await once(other, 'data')
    connections[1]?.resetAndDestroy()
    await assert.rejects(once(other, 'end'), { code: 'ECONNRESET' })
  })

  it('closes the connection to the server if no request in the tunnel could be passed on', async () => {
    const { authority, connections } = await serveTcp()
    const { url } = await startProxy()
    const client = tunnelThrough(url, authority)
    await once(client, 'data')
    client.write('GET / HTTP/1.1\r\n\r\n')
    assert.match(await text(client), /^HTTP\/1\.1 400 /)
    const [server] = connections
    await becomes(() => server?.readableEnded, true)
  })

  it('says of streams in tunnels that are open when it stops that neither side ended them', async () => {
    const { host } = new URL(
      await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
      }),
    )
    const proxy = await startProxy()
    const client = tunnelThrough(proxy.url, host).on('error', () => {})
    await once(client, 'data')
    client.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    await once(client, 'data')
    await proxy.stop()
    await becomes(() => seen.exchanges[0]?.failed?.by, 'network')
    assert.equal(seen.exchanges[0]?.failed?.error, undefined)
  })

  it('refuses a tunnel after a request in a tunnel', async () => {
    const { host } = new URL(await serveHttp((_request, response) => void response.end('first')))
    const { url } = await startProxy()
    const client = tunnelThrough(url, host)
    await once(client, 'data')
    const get = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`
    client.write(`${get}CONNECT example.test:443 HTTP/1.1\r\nHost: example.test\r\n\r\n`)
    assert.match(await text(client), /first[\s\S]*HTTP\/1\.1 400 [\s\S]*opens no tunnels/)
    assert.equal(seen.exchanges.length, 1)
  })

  it('says why a request is not passed on', async () => {
    const { url } = await startProxy()
    const refused = await refusedPort()
    const asked = async (head: string) => {
      const client = connect(Number(new URL(url).port), '127.0.0.1')
      client.end(`${head}\r\nHost: x\r\n\r\n`)
      return await text(client)
    }
    assert.match(await asked('GET / HTTP/1.1'), /^HTTP\/1\.1 400 [\s\S]*set it as the proxy of a program/)
    assert.match(await asked('GET ftp://x/ HTTP/1.1'), /^HTTP\/1\.1 400 /)
    assert.match(
      await asked('CONNECT nowhere HTTP/1.1'),
      /^HTTP\/1\.1 400 [\s\S]*must name a host and a port/,
    )
    for (const host of ['1.2.3.4.5', '[::1::2]'])
      assert.match(
        await asked(`CONNECT ${host}:443 HTTP/1.1`),
        /^HTTP\/1\.1 400 [\s\S]*must name a host and a port/,
      )
    assert.match(
      await asked(`CONNECT 127.0.0.1:${refused} HTTP/1.1`),
      /^HTTP\/1\.1 502 [\s\S]*refused the connection/,
    )
    assert.match(await asked(`GET ${url}/ HTTP/1.1`), /^HTTP\/1\.1 502 [\s\S]*is this proxy itself/)
    assert.match(
      await asked(`CONNECT 127.0.0.1:${new URL(url).port} HTTP/1.1`),
      /^HTTP\/1\.1 502 [\s\S]*is this proxy itself/,
    )
  })

  describe('with a local authority', () => {
    const before = process.env.XDG_CONFIG_HOME

    beforeEach(() => {
      process.env.XDG_CONFIG_HOME = tempDir()
    })

    afterEach(() => {
      if (before === undefined) delete process.env.XDG_CONFIG_HOME
      else process.env.XDG_CONFIG_HOME = before
    })

    it('records TLS of named hosts for clients that trust it', async () => {
      const { file } = await createAuthority(['localhost'])
      const target = await serveTls()
      const proxy = await startProxy({ decrypt: ['localhost'], ca: [certificates().ca] })
      assert.equal(
        await output(proxy.url, 'curl', ['-s', '--cacert', file, `${target}/curl`]),
        '/curl over TLS',
      )
      const script = `fetch('${target}/node').then((r) => r.text()).then((t) => process.stdout.write(t))`
      assert.equal(
        await output(proxy.url, process.execPath, ['--use-env-proxy', '-e', script], {
          NODE_EXTRA_CA_CERTS: file,
        }),
        '/node over TLS',
      )
      assert.deepEqual(
        seen.exchanges.map(({ start, head }) => [start.url, head?.tls?.protocol, head?.status]),
        ['/curl', '/node'].map((path) => [`${target}${path}`, 'TLSv1.3', 200]),
      )
    })

    it('checks the certificate of the server', async () => {
      const { file } = await createAuthority(['localhost'])
      const target = await serveTls()
      const { url } = await startProxy({ decrypt: ['localhost'] })
      const answer = await output(url, 'curl', ['-s', '--cacert', file, `${target}/curl`])
      assert.match(answer, /certificate/)
      assert.equal(seen.exchanges[0]?.failed?.error?.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    })

    it('leaves other hosts in tunnels', async () => {
      await createAuthority(['example.test'])
      const target = await serveTls()
      const file = join(tempDir(), 'server.crt')
      await writeFile(file, certificates().ca)
      const { url } = await startProxy({ decrypt: ['example.test', '*.example.test'] })
      assert.equal(
        await output(url, 'curl', ['-s', '--cacert', file, `${target}/x`]),
        '/x over TLS',
        'with the certificate of the server',
      )
      assert.deepEqual(seen.exchanges, [])
    })

    it('says which program does not trust it', async () => {
      await createAuthority(['localhost'])
      const target = await serveTls()
      const { url } = await startProxy({ decrypt: ['localhost'] })
      for (let times = 0; times < 2; times++)
        await assert.rejects(output(url, 'curl', ['-s', `${target}/x`]), { code: 60 })
      await becomes(() => seen.marks.length, 1)
      assert.match(
        seen.marks[0] ?? '',
        /^A program ended TLS to localhost .* make it trust the local authority/,
      )
    })

    it('does not start for hosts that the authority cannot certify, or without one', async () => {
      await assert.rejects(startProxy({ decrypt: ['localhost'] }), { code: 'NO_AUTHORITY' })
      await createAuthority(['localhost'])
      await assert.rejects(startProxy({ decrypt: ['example.test'] }), { code: 'NOT_CERTIFIED' })
    })
  })
})
