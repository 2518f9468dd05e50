/** Development servers and their pages in a real browser, with the recording proxy between them. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import type { Browser, Page } from 'playwright-core'
import { createServer as createViteServer, type ViteDevServer } from 'vite'
import { WebSocketServer } from 'ws'
import { launchChromium } from '../../scripts/browser.ts'
import { type RecordingProxy, startRecordingProxy } from '../../src/proxy/recording-proxy.ts'
import { becomes, eventually } from '../support/eventually.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { SeenTraffic } from '../support/seen-traffic.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

/** The project of the Vite server. The page replaces the text of a module without a reload. */
const PROJECT: Readonly<Record<string, string>> = {
  'index.html':
    '<!doctype html><title>App</title><link rel="icon" href="data:,"><p></p><script type="module" src="/main.js"></script>',
  'style.css': 'p { color: rgb(1, 2, 3) }',
  'text.js': "export const text = 'first'",
  'main.js': `
    import './style.css'
    import { text } from './text.js'
    document.querySelector('p').textContent = text
    globalThis.loads = (globalThis.loads ?? 0) + 1
    import.meta.hot.accept('./text.js', (changed) => {
      document.querySelector('p').textContent = changed.text
    })`,
}

/** The page of the Express server, which knows only its own origin. */
const APP = `<!doctype html><title>App</title><link rel="icon" href="data:,"><p></p><output></output><script type="module">
  const { user } = await (await fetch('/api/user', { method: 'POST' })).json()
  document.querySelector('p').textContent = user
  const events = new EventSource('/events')
  events.onmessage = ({ data }) => document.querySelector('output').append(data + ' ')
  const socket = new WebSocket('/socket')
  socket.onmessage = ({ data }) => document.querySelector('output').append(data + ' ')
</script>`

describe('a development server behind the recording proxy', () => {
  const proxies: RecordingProxy[] = []
  let browser: Browser
  let page: Page
  let seen: SeenTraffic
  let errors: string[]
  let vite: ViteDevServer | undefined

  before(async () => {
    browser = await launchChromium()
  })
  after(() => browser?.close())

  beforeEach(async () => {
    seen = new SeenTraffic()
    errors = []
    page = await browser.newPage()
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  })

  afterEach(async () => {
    await page.close()
    await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()))
    await vite?.close()
    vite = undefined
    closeServers()
    removeTempDirs()
  })

  /** Resolves to the proxy's port. */
  async function proxyTo(target: string): Promise<string> {
    const proxy = await startRecordingProxy(1, { target }, seen)
    proxies.push(proxy)
    return new URL(proxy.status().listening).port
  }

  const paragraph = () => page.locator('p').textContent()

  for (const host of ['localhost', '127.0.0.1'])
    it(`loads modules from Vite and replaces them through its WebSocket, at ${host}`, async () => {
      const root = tempDir()
      for (const [name, text] of Object.entries(PROJECT)) await writeFile(join(root, name), text)
      vite = await createViteServer({
        ...{ root, configFile: false, envFile: false, logLevel: 'silent', cacheDir: join(root, '.vite') },
        // A port of 0 would be replaced by the default port.
        server: { host: '127.0.0.1', port: 20_000 + (process.pid % 20_000) },
      })
      await vite.listen()
      const address = vite.httpServer?.address() as AddressInfo
      await page.goto(`http://${host}:${await proxyTo(`http://127.0.0.1:${address.port}`)}/`)
      await becomes(paragraph, 'first')
      const color = () => page.locator('p').evaluate((element) => getComputedStyle(element).color)
      await becomes(color, 'rgb(1, 2, 3)')
      const socket = await connected('vite-hmr')
      await writeFile(join(root, 'text.js'), "export const text = 'second'")
      await becomes(paragraph, 'second')
      await writeFile(join(root, 'style.css'), 'p { color: rgb(4, 5, 6) }')
      await becomes(color, 'rgb(4, 5, 6)')
      // Not by a reload.
      assert.equal(await page.evaluate('globalThis.loads'), 1)
      assert.equal(seen.sockets.length, 1)
      await eventually(() => assert.match(textOf(socket), /"type":"connected".*text\.js.*style\.css/s))
      assert.deepEqual(errors, [])
    })

  it('keeps redirects, cookies and checks of the origin of an Express server', async () => {
    const app = express()
    const server = createServer(app)
    const port = await listen(server)
    const origin = `http://localhost:${port}`
    const isOwn = (given: unknown) => given === origin
    app.get('/', (_request, response) => {
      response.cookie('user', 'ada', { domain: 'localhost', httpOnly: true }).redirect(`${origin}/app`)
    })
    app.get('/app', ({ headers }, response) => {
      response.status(headers.host === `localhost:${port}` ? 200 : 403).send(APP)
    })
    app.post('/api/user', ({ headers }, response) => {
      if (!isOwn(headers.origin)) response.status(403).end()
      else response.json({ user: /user=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? 'nobody' })
    })
    app.get('/events', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: event\n\n')
    })
    new WebSocketServer({
      server,
      verifyClient: ({ req }: { req: { headers: Record<string, unknown> } }) =>
        isOwn(req.headers.origin) && String(req.headers.cookie).includes('user=ada'),
    }).on('connection', (socket) => socket.send('message'))

    const own = `http://127.0.0.1:${await proxyTo(origin)}`
    await page.goto(`${own}/`)
    assert.equal(page.url(), `${own}/app`)
    await becomes(paragraph, 'ada')
    await eventually(async () => {
      const received = (await page.locator('output').textContent()) ?? ''
      assert.deepEqual(received.trim().split(' ').sort(), ['event', 'message'])
    })
    const socket = seen.sockets[0]
    assert.ok(socket)
    assert.equal(textOf(socket), 'message')
    const stream = seen.exchanges.find(({ start }) => start.url === `${origin}/events`)
    assert.equal(stream?.data.map(({ text }) => text).join(''), 'data: event\n\n')
    assert.deepEqual(errors, [])
  })

  /** Resolves to the socket with a subprotocol, once it is open. */
  async function connected(subprotocol: string): Promise<SeenTraffic['sockets'][number]> {
    await becomes(
      () =>
        seen.sockets[0]?.events.some((event) => event.type === 'open' && event.subprotocol === subprotocol),
      true,
    )
    return seen.sockets[0] ?? assert.fail()
  }

  function textOf({ events }: SeenTraffic['sockets'][number]): string {
    return events
      .flatMap((event) => (event.type === 'message' ? [Buffer.from(event.payload).toString()] : []))
      .join('\n')
  }
})
