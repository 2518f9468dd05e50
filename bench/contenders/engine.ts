/** Ours: the engine, capturing one connection. The load's path names the transport. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../src/engine/engine.ts'
import type { TransportName } from '../../src/shared/transports.ts'
import { type Counted, contend, type Task } from '../harness/contender.ts'

const MB = 1024 * 1024
const TRANSPORTS: Readonly<Record<string, TransportName>> = {
  '/ws': 'websocket',
  '/ws-http2': 'websocket',
  '/deflate': 'websocket',
  '/sse': 'sse',
  '/http2': 'sse',
  '/ndjson': 'http-stream',
  '/poll': 'long-poll',
}
/** Milliseconds between two checks whether everything has arrived. */
const LOOK = 2

await contend(async (address, count, task) => {
  const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
  const engine = new Engine({
    directory: join(folder, 'capture'),
    network: { noProxy: '*' },
    settings: {
      memoryLimit: 64 * MB,
      spoolLimit: 4096 * MB,
      maxEvents: 10_000_000,
      maxMessageSize: 64 * MB,
    },
    notify: () => {},
  })
  try {
    return await capture(engine, address, count, task)
  } finally {
    await engine.handlers.shutdown(null)
    rmSync(folder, { recursive: true, force: true })
  }
})

async function capture(engine: Engine, address: string, count: number, task: Task): Promise<Counted> {
  const url = new URL(address)
  const transport = TRANSPORTS[url.pathname] ?? 'auto'
  const http = url.pathname.endsWith('http2') ? '2' : '1.1'
  if (transport === 'websocket') url.protocol = 'ws:'
  engine.handlers.connect({ spec: { url: url.href, transport, http, reconnect: 'never', interval: 0 } })
  const seen = () => {
    const [connection] = engine.status().connections
    if (connection?.state === 'failed') throw new Error(connection.error)
    const number = transport === 'long-poll' ? connection?.responses : connection?.messagesIn
    return { number: number ?? 0, bytes: connection?.bytesIn ?? 0 }
  }
  while (seen().number < count) await new Promise((resolve) => setTimeout(resolve, LOOK))
  const { number, bytes } = seen()
  if (transport === 'long-poll') return { count }
  if (bytes !== number * task.size)
    throw new Error(`${bytes} bytes arrived instead of ${number * task.size}.`)
  return { count: number }
}
