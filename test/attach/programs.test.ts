import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { attachTo } from '../../src/attach/attachment.ts'
import { closeServers } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { content, RecordedTraffic, texts } from './recorded-traffic.ts'
import { serveSite } from './site.ts'

/** The program itself, because the script of the package starts it as a child that would outlive it. */
const DENO: string = createRequire(import.meta.url)('deno/install_api.cjs').runInstall()

/** A client that reads a WebSocket, an event stream, records and polls, then ends. */
const CLIENT = (url: string) => `const socket = new WebSocket('${url.replace('http', 'ws')}ws')
socket.binaryType = 'arraybuffer'
socket.onopen = () => { socket.send('grüße'); socket.send(new Uint8Array([7, 128])) }
let count = 0
const echoed = new Promise((resolve) => { socket.onmessage = () => { if (++count === 4) resolve() } })
for (const path of ['events', 'records']) for await (const _ of (await fetch('${url}' + path)).body);
for (let n = 0; n < 2; n++) await (await fetch('${url}poll', { method: 'POST', body: 'n=' + n })).text()
await echoed
socket.close()
await new Promise((resolve) => { socket.onclose = resolve })`

describe('a program outside a browser', () => {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    closeServers()
    removeTempDirs()
  })

  /** Starts the client, which waits for a debugger. */
  async function start(command: string, options: readonly string[]) {
    const site = await serveSite({})
    const file = join(tempDir(), 'client.mjs')
    await writeFile(file, CLIENT(site.url))
    const child = spawn(command, [...options, file], { stdio: ['ignore', 'ignore', 'pipe'] })
    children.push(child)
    const exited = once(child, 'exit')
    for await (const line of createInterface(child.stderr)) {
      const [url] = /ws:\/\/\S+/.exec(line) ?? []
      if (url !== undefined) {
        child.stderr.resume()
        return { endpoint: `http://${new URL(url).host}`, socket: url, file, exited }
      }
    }
    return assert.fail('it printed no URL')
  }

  const startNode = () =>
    start(process.execPath, ['--inspect-wait=127.0.0.1:0', '--experimental-network-inspection'])
  const startDeno = () => start(DENO, ['run', '--allow-all', '--no-config', '--inspect-wait=127.0.0.1:0'])

  function assertResponses(host: RecordedTraffic): void {
    const events = host.request('/events')
    assert.equal(
      content(events),
      'retry: 600000\n\nid: 1\ndata: one\n\n: comment\n\nevent: two\ndata: zwölf\n\n',
    )
    assert.equal(content(host.request('/records')), '{"record":1}\n{"record":2}\n{"record":3}\n')
    const polls = host.exchanges.filter(({ start }) => start.url.endsWith('/poll'))
    assert.deepEqual(polls.map(content), ['{"poll":0}', '{"poll":1}'])
    assert.deepEqual(
      polls.map(({ start }) => start.method),
      ['POST', 'POST'],
    )
    assert.deepEqual(host.exchanges.length, 4)
  }

  it('is Node.js, which reports responses, and that WebSockets open and close', async () => {
    const { endpoint, file, exited } = await startNode()
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint }, host)
    assert.match(attachment.status().program ?? '', /^node/)
    assert.match(
      attachment.status().limits.join(),
      /--experimental-network-inspection.*Of WebSockets, it reports only/,
    )
    await Promise.all([attachment.done, exited])
    assert.equal(attachment.status().ended, 'The program ended.')
    assertResponses(host)
    assert.deepEqual(host.request('/events')?.start.initiator, {
      file: pathToFileURL(file).href,
      line: 6,
      column: 72,
    })
    assert.deepEqual(
      host.socket('/ws')?.events.map(({ type }) => type),
      ['open', 'close'],
    )
  })

  it('is Deno, which reports messages as well', async () => {
    const { endpoint, file, exited } = await startDeno()
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint }, host)
    assert.match(attachment.status().program ?? '', /^Deno/)
    await Promise.all([attachment.done, exited])
    assertResponses(host)
    assert.deepEqual(host.socket('/ws')?.start.initiator, { file, line: 1, column: 16 })
    assert.deepEqual(texts(host.socket('/ws'), 'out'), ['grüße', Buffer.from([7, 128]).toString()])
    assert.equal(texts(host.socket('/ws'), 'in').length, 4)
    assert.equal(host.socket('/ws')?.events.at(-1)?.type, 'close')
  })

  it('is attached to by the URL that it prints', async () => {
    const { socket, exited } = await startNode()
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint: socket }, host)
    await Promise.all([attachment.done, exited])
    assertResponses(host)
  })

  it('vanishes, and its connections end', async () => {
    const { endpoint, exited } = await startDeno()
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint }, host)
    await host.until(() => host.socket('/ws') !== undefined)
    children[0]?.kill('SIGKILL')
    await Promise.all([attachment.done, exited])
    const last = host.socket('/ws')?.events.at(-1)
    assert.ok(last?.type === 'close')
    assert.notEqual(attachment.status().ended, undefined)
  })
})
