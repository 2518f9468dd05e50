import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from '../../scripts/paths.ts'
import { type Attachment, attachTo } from '../../src/attach/attachment.ts'
import type { AttachOptions } from '../../src/shared/protocol/traffic.ts'
import { closeServers } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { type DebuggedBrowser, startBrowser } from './browser.ts'
import { content, RecordedTraffic, texts } from './recorded-traffic.ts'
import { serveSite } from './site.ts'

describe('a page in Chromium', () => {
  let browser: DebuggedBrowser
  let attachment: Attachment | undefined
  let host: RecordedTraffic

  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())
  afterEach(async () => {
    await attachment?.detach()
    for (const page of browser.context.pages().slice(1)) await page.close()
    closeServers()
    removeTempDirs()
  })

  async function attach(options: Partial<AttachOptions> = {}): Promise<void> {
    host = new RecordedTraffic()
    attachment = await attachTo(7, { endpoint: browser.endpoint, ...options }, host)
  }

  async function show(files: Readonly<Record<string, string>>) {
    const site = await serveSite(files)
    await attach()
    const page = await browser.context.newPage()
    await page.goto(site.url)
    return { site, page }
  }

  const script = (code: string) => ({ '/': `<script>${code}</script>` })

  it('is seen to open a WebSocket, and each message of it', async () => {
    const { site } = await show(
      script(`const ws = new WebSocket('ws' + location.origin.slice(4) + '/ws')
        ws.binaryType = 'arraybuffer'
        ws.onopen = () => { ws.send('grüße'); ws.send(new Uint8Array([7, 128])) }`),
    )
    await host.until(() => texts(host.socket('/ws'), 'in').length === 4)
    const { start, events } = host.socket('/ws') ?? assert.fail()
    assert.equal(start.source, 'debugger')
    assert.equal(start.through, 7)
    assert.deepEqual(start.initiator, { file: site.url, line: 1, column: 20 })
    assert.equal(start.headers?.origin, site.url.slice(0, -1))
    const [open] = events
    assert.ok(open?.type === 'open' && open.status === 101 && open.extensions === 'permessage-deflate')
    assert.deepEqual(texts(host.socket('/ws'), 'out'), ['grüße', Buffer.from([7, 128]).toString()])
    const inbound = events.filter((event) => event.type === 'message' && event.direction === 'in')
    assert.deepEqual(
      inbound.map(
        (event) => event.type === 'message' && [event.opcode, Buffer.from(event.payload).toString('hex')],
      ),
      [
        ['text', Buffer.from('welcome').toString('hex')],
        ['binary', '00ff01'],
        ['text', Buffer.from('grüße').toString('hex')],
        ['binary', '0780'],
      ],
    )
    assert.ok(events.every((event) => !('wireSize' in event)))
    const times = [start.time, ...events.map(({ time }) => time)]
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    assert.ok(times.every((time) => time >= 0 && time <= host.clock.now()))
  })

  it('is seen to lose a WebSocket to its server, whose close code is not reported', async () => {
    const { site } = await show(script(`new WebSocket('ws' + location.origin.slice(4) + '/ws')`))
    await host.until(() => texts(host.socket('/ws'), 'in').length === 2)
    site.sockets.get('/ws')?.close(4001, 'bye')
    await host.until(() => host.socket('/ws')?.events.at(-1)?.type === 'close')
    const { time, ...close } = host.socket('/ws')?.events.at(-1) ?? assert.fail()
    assert.deepEqual(close, { type: 'close' })
  })

  it('is seen to be refused a WebSocket', async () => {
    await show(script(`new WebSocket('ws' + location.origin.slice(4) + '/refused')`))
    await host.until(() => host.socket('/refused')?.events.at(-1)?.type === 'close')
    const [error] = host.socket('/refused')?.events ?? []
    assert.ok(error?.type === 'error' && error.code === 'HTTP_STATUS' && error.status === 403)
  })

  it('is seen to read an event stream and records, byte for byte', async () => {
    await show(
      script(`new EventSource('/events')
        fetch('/records').then(async (response) => { for await (const chunk of response.body); })`),
    )
    await host.until(
      () => host.request('/events')?.end !== undefined && host.request('/records')?.end !== undefined,
    )
    const stream = host.request('/events')
    assert.equal(
      content(stream),
      'retry: 600000\n\nid: 1\ndata: one\n\n: comment\n\nevent: two\ndata: zwölf\n\n',
    )
    assert.equal(stream?.head?.headers['content-type'], 'text/event-stream')
    assert.equal(stream?.head?.headers['set-cookie'], 'seen=1')
    assert.equal(stream?.head?.httpVersion, '1.1')
    assert.equal(content(host.request('/records')), '{"record":1}\n{"record":2}\n{"record":3}\n')
    assert.deepEqual(host.request('/records')?.start.initiator?.line, 2)
  })

  it('is seen to poll, with what it sends and gets', async () => {
    await show(
      script(`(async () => { for (let n = 0; n < 3; n++)
        await (await fetch('/poll', { method: 'POST', body: 'n=' + n, headers: { cursor: String(n) } })).text() })()`),
    )
    const polls = () => host.exchanges.filter(({ start }) => start.url.endsWith('/poll'))
    await host.until(() => polls().length === 3 && polls().every(({ end }) => end !== undefined))
    assert.deepEqual(polls().map(content), ['{"poll":0}', '{"poll":1}', '{"poll":2}'])
    assert.deepEqual(
      polls().map(({ start }) => [start.method, start.body, start.headers?.cursor]),
      [0, 1, 2].map((n) => ['POST', `n=${n}`, String(n)]),
    )
  })

  it('is followed into workers, frames and pages that open later', async () => {
    const open = (path: string) => `new WebSocket('ws' + location.origin.slice(4) + '${path}')`
    const { page } = await show({
      '/': `<iframe src="/frame"></iframe><script>new Worker('/worker.js'); new SharedWorker('/shared.js')
        navigator.serviceWorker.register('/service.js')
        function popup() { window.open('/popup') }</script>`,
      '/frame': `<script>${open('/ws-frame')}</script>`,
      '/popup': `<script>${open('/ws-popup')}</script>`,
      '/worker.js': open('/ws-worker'),
      '/shared.js': open('/ws-shared'),
      '/service.js': open('/ws-service'),
    })
    await page.evaluate('popup()')
    const paths = ['/ws-frame', '/ws-popup', '/ws-worker', '/ws-shared', '/ws-service']
    await host.until(() => paths.every((path) => texts(host.socket(path), 'in').includes('welcome')))
    const types = new Set(attachment?.status().targets.map(({ type }) => type))
    assert.deepEqual([...types].sort(), ['page', 'service_worker', 'shared_worker', 'worker'])
    for (const path of paths)
      assert.equal(host.sockets.filter(({ start }) => start.url.endsWith(path)).length, 1, path)
  })

  it('ends what its workers have open with it, also in workers of workers', async () => {
    const { page } = await show({
      ...script(`new Worker('/worker.js')`),
      '/worker.js': `new Worker('/inner.js')`,
      '/inner.js': `new WebSocket('ws' + location.origin.slice(4) + '/ws-inner')`,
    })
    await host.until(() => texts(host.socket('/ws-inner'), 'in').length === 2)
    await page.close()
    await host.until(() => host.socket('/ws-inner')?.events.at(-1)?.type === 'close')
  })

  it('is followed into a frame of another site, which runs in a process of its own, and ends its connections with it', async () => {
    const open = (path: string) =>
      `<script>new WebSocket('ws' + location.origin.slice(4) + '${path}')</script>`
    const { page, site } = await show({
      '/': `<iframe></iframe>${open('/ws-page')}`,
      '/first': open('/ws-first'),
      '/second': open('/ws-second'),
    })
    // Chromium takes the port out of what a site is, but not the name.
    const other = site.url.replace('127.0.0.1', 'localhost')
    const navigate = (url: string) => page.evaluate(`document.querySelector('iframe').src = '${url}'`)
    await navigate(`${other}first`)
    await host.until(() => texts(host.socket('/ws-first'), 'in').length === 2)
    assert.ok(attachment?.status().targets.some(({ type }) => type === 'iframe'))
    assert.ok(host.socket('/ws-first')?.start.url.startsWith('ws://localhost:'))
    await navigate(`${other}second`)
    await host.until(() => texts(host.socket('/ws-second'), 'in').length === 2)
    const left = host.socket('/ws-first')?.events.at(-1)
    assert.ok(left?.type === 'close' && left.reason === 'the frame was left')
    await navigate('about:blank')
    await host.until(() => host.socket('/ws-second')?.events.at(-1)?.type === 'close')
    assert.notEqual(host.socket('/ws-page')?.events.at(-1)?.type, 'close')
  })

  it('ends its connections when it is reloaded, and marks that', async () => {
    const { page, site } = await show(script(`new WebSocket('ws' + location.origin.slice(4) + '/ws')`))
    await host.until(() => texts(host.socket('/ws'), 'in').length === 2)
    await page.reload()
    await host.until(() => host.sockets.length === 2 && texts(host.socket('/ws'), 'in').length === 2)
    const last = host.sockets[0]?.events.at(-1)
    assert.ok(last?.type === 'close' && last.by === 'client' && last.reason === 'the page was reloaded')
    assert.deepEqual(host.marks, [`The page opened: ${site.url}`, `The page was reloaded: ${site.url}`])
  })

  it('ends its connections when it is closed', async () => {
    const { page } = await show(script(`new WebSocket('ws' + location.origin.slice(4) + '/ws')`))
    await host.until(() => texts(host.socket('/ws'), 'in').length === 2)
    await page.close()
    await host.until(() => host.socket('/ws')?.events.at(-1)?.type === 'close')
    assert.equal(attachment?.status().ended, undefined)
  })

  it('gives every message of a flood, in order', async () => {
    const { site } = await show(script(`new WebSocket('ws' + location.origin.slice(4) + '/ws')`))
    await host.until(() => texts(host.socket('/ws'), 'in').length === 2)
    for (let n = 0; n < 5000; n++) site.sockets.get('/ws')?.send(`message ${n}`)
    await host.until(() => (host.socket('/ws')?.events.length ?? 0) === 5003)
    assert.deepEqual(
      texts(host.socket('/ws'), 'in').slice(2),
      Array.from({ length: 5000 }, (_, n) => `message ${n}`),
    )
  })

  it('names the line of the source that opened a connection, past libraries', async () => {
    const folder = tempDir()
    const library = join(folder, 'node_modules', 'library')
    await mkdir(library, { recursive: true })
    await writeFile(join(library, 'index.js'), 'export const open = (url) => new WebSocket(url)')
    const contents = `import { open } from 'library'

const url: string = 'ws' + location.origin.slice(4)
open(url + '/ws-mapped')`
    const built = await build({
      stdin: { contents, sourcefile: 'src/main.ts', resolveDir: folder, loader: 'ts' },
      ...{ absWorkingDir: folder, outfile: 'app.js' },
      ...{ bundle: true, write: false, sourcemap: true },
    })
    const [map = '', code = ''] = built.outputFiles.map(({ text }) => text)
    await show({ '/': '<script src="/app.js"></script>', '/app.js': code, '/app.js.map': map })
    await host.until(() => texts(host.socket('/ws-mapped'), 'in').length === 2)
    const { file = '', ...place } = host.socket('/ws-mapped')?.start.initiator ?? {}
    assert.match(file, /src\/main\.ts$/)
    assert.deepEqual(place, { line: 4, column: 1 })
  })

  it('is seen to open a WebSocket again by reconnecting-websocket, which hides the line of the app', async () => {
    const contents = `import ReconnectingWebSocket from 'reconnecting-websocket'
new ReconnectingWebSocket('ws' + location.origin.slice(4) + '/ws', [], { minReconnectionDelay: 10 })`
    const built = await build({
      stdin: { contents, sourcefile: 'src/main.ts', resolveDir: ROOT, loader: 'ts' },
      ...{ absWorkingDir: ROOT, outfile: 'app.js', bundle: true, write: false, sourcemap: true },
    })
    const [map = '', code = ''] = built.outputFiles.map(({ text }) => text)
    const { site } = await show({
      ...{ '/': '<script src="/app.js"></script>', '/app.js': code, '/app.js.map': map },
    })
    await host.until(() => texts(host.socket('/ws'), 'in').length === 2)
    site.sockets.get('/ws')?.terminate()
    await host.until(() => host.sockets.length === 2 && texts(host.socket('/ws'), 'in').length === 2)
    assert.equal(host.sockets[0]?.events.at(-1)?.type, 'close')
    // It opens in a later turn, of which only its own lines are on the stack.
    assert.match(host.socket('/ws')?.start.initiator?.file ?? '', /node_modules\/reconnecting-websocket\//)
  })

  it('is limited to URLs with a text', async () => {
    const site = await serveSite(
      script(
        `for (const path of ['/ws-other', '/ws-wanted']) new WebSocket('ws' + location.origin.slice(4) + path)`,
      ),
    )
    await attach({ match: 'wanted' })
    await (await browser.context.newPage()).goto(site.url)
    await host.until(() => texts(host.socket('/ws-wanted'), 'in').length === 2)
    assert.equal(host.sockets.length, 1)
    assert.equal(host.exchanges.length, 0)
  })

  it('goes on after it is detached from', async () => {
    const { page, site } = await show(
      script(`var ws = new WebSocket('ws' + location.origin.slice(4) + '/ws')`),
    )
    await host.until(() => texts(host.socket('/ws'), 'in').length === 2)
    await attachment?.detach()
    const { time, ...close } = host.socket('/ws')?.events.at(-1) ?? assert.fail()
    assert.deepEqual(close, {
      type: 'close',
      reason: 'no longer attached to the program, in which it goes on',
    })
    assert.equal(await page.evaluate('ws.readyState'), 1)
    assert.equal(site.sockets.get('/ws')?.readyState, 1)
  })
})
