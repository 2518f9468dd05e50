/**
 * An app on a real dev server: a page served by Vite that opens a WebSocket, an event stream and a stream of records, and polls.
 * Its API is a server of its own, to which Vite passes `/api` on.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { WebSocketServer } from 'ws'
import { findChromium } from '../../scripts/system.ts'

/** Waits until it may go on. Then it opens each kind of connection, the WebSocket again whenever it was lost. */
const APP = `await fetch('/api/go')

function openSocket(): void {
  const socket = new WebSocket(\`ws://\${location.host}/api/socket\`)
  socket.onopen = () => socket.send(JSON.stringify({ hello: 'from the app' }))
  socket.onclose = () => setTimeout(openSocket, 100)
}

async function readStream(): Promise<void> {
  const response = await fetch('/api/stream')
  for await (const _ of response.body as unknown as AsyncIterable<Uint8Array>);
}

async function poll(): Promise<void> {
  await fetch('/api/status').then((response) => response.text())
  setTimeout(poll, 300)
}

openSocket()
new EventSource('/api/events')
void readStream()
void poll()
`

/** The line of the app that opens its WebSocket, and its file in the folder of the app. */
export const SOCKET_LINE = { file: join('src', 'app.ts'), line: 4 }

/** The connections of the app that are not polls, and what they carry before anything is cut. */
export const CONNECTIONS = [
  {
    path: '/api/socket',
    messages: [
      ['out', '{"hello":"from the app"}'],
      ['in', 'echo of {"hello":"from the app"}'],
    ],
  },
  {
    path: '/api/events',
    messages: [
      ['in', 'first'],
      ['in', 'second'],
    ],
  },
  {
    path: '/api/stream',
    messages: [
      ['in', '{"n":1}'],
      ['in', '{"n":2}'],
    ],
  },
] as const

/** Its responses count on: `{"poll":1}`. */
export const POLL = '/api/status'

const BROWSER_ARGUMENTS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update', '--remote-debugging-port=0'],
]

export class DevApp {
  /** The origin of Vite. */
  readonly url: string
  readonly #api: Api
  readonly #programs: ChildProcess[]
  readonly #profiles: string[] = []

  private constructor(url: string, api: Api, vite: ChildProcess) {
    this.url = url
    this.#api = api
    this.#programs = [vite]
  }

  /** Writes the sources of the app to a folder, and serves them with the Vite of `modules`, a folder `node_modules`. */
  static async start(folder: string, modules: string): Promise<DevApp> {
    const api = new Api()
    const target = await api.listen()
    const files = {
      'index.html': '<!doctype html><title>App</title><script type="module" src="/src/app.ts"></script>',
      [SOCKET_LINE.file]: APP,
      'vite.config.mjs': `export default {
        cacheDir: '.vite',
        server: { host: '127.0.0.1', proxy: { '/api': { target: '${target}', ws: true } } },
      }`,
    }
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
    const vite = spawn(process.execPath, [join(modules, 'vite', 'bin', 'vite.js'), folder], {
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return new DevApp(await printed(vite, /http:\/\/127\.0\.0\.1:\d+/), api, vite)
  }

  /** Opens the app in a browser. Resolves to the browser's DevTools endpoint once the app waits. */
  async open(url: string): Promise<string> {
    const profile = await mkdtemp(join(tmpdir(), 'dev-app-'))
    this.#profiles.push(profile)
    const browser = spawn(findChromium(), [...BROWSER_ARGUMENTS, `--user-data-dir=${profile}`, url], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#programs.push(browser)
    const endpoint = await printed(browser, /ws:\/\/127\.0\.0\.1:\d+\/\S+/)
    await this.#api.asked
    return endpoint
  }

  /** Lets the app open its connections. */
  go(): void {
    this.#api.go()
  }

  async stop(): Promise<void> {
    const running = this.#programs.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )
    await Promise.all(
      running.map(async (program) => {
        const exited = once(program, 'exit')
        program.kill('SIGKILL')
        await exited
      }),
    )
    this.#api.close()
    for (const profile of this.#profiles)
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

class Api {
  /** Resolves once a page waits. */
  readonly asked: Promise<void>
  readonly #server: Server
  readonly #waiting: ServerResponse[] = []
  #polls = 0
  #told: () => void = () => {}

  constructor() {
    this.asked = new Promise((resolve) => {
      this.#told = resolve
    })
    this.#server = createServer(({ url = '' }, response) => this.#answer(url, response))
    new WebSocketServer({ server: this.#server, path: '/api/socket' }).on('connection', (peer) => {
      peer.on('error', () => {})
      peer.on('message', (data) => peer.send(`echo of ${String(data)}`))
    })
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  go(): void {
    for (const response of this.#waiting.splice(0)) response.end('go')
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #answer(url: string, response: ServerResponse): void {
    switch (url) {
      case '/api/go':
        this.#waiting.push(response)
        this.#told()
        return
      case '/api/events':
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('id: 1\ndata: first\n\nid: 2\ndata: second\n\n')
        return
      case '/api/stream':
        response.writeHead(200, { 'content-type': 'application/x-ndjson' })
        response.write('{"n":1}\n{"n":2}\n')
        return
      default:
        response.writeHead(200, { 'content-type': 'application/json' }).end(`{"poll":${++this.#polls}}`)
    }
  }
}

/** The first match in what a program prints. Rejects with what it printed if it ends before. */
function printed(program: ChildProcess, pattern: RegExp): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    const read = (stream: Readable | null) =>
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        text = (text + chunk).slice(-20_000)
        const found = pattern.exec(text)?.[0]
        if (found !== undefined) resolve(found)
      })
    read(program.stdout)
    read(program.stderr)
    program.once('error', reject)
    program.once('exit', (code) => reject(new Error(`It ended with ${code}:\n${text}`)))
  })
}
