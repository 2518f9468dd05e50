/** Contenders that pass a load through a relay in another process, and count what arrives. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import WebSocket, { WebSocketServer } from 'ws'
import { contend } from './contender.ts'
import { median } from './statistics.ts'

const CLOSE = Buffer.from([0x88, 2, 3, 0xe8])

/** Runs the contender with the relay of that kind. The path of its load is `/echo` for round trips. */
export async function contendRelayed(kind: 'tcp' | 'proxy'): Promise<void> {
  // Started by the warm-up. It ends with this process.
  let relay: Awaited<ReturnType<typeof startRelay>> | undefined
  await contend(
    async (address, count, { size }) => {
      const { origin, pathname, search } = new URL(address)
      if (pathname === '/echo') return { count, extra: { 'added ms': await addedLatency(kind, count, size) } }
      relay ??= await startRelay(kind, origin)
      await countThrough(new URL(pathname + search, relay.url))
      return { count }
    },
    { others: true },
  )
}

async function startRelay(kind: string, target: string) {
  const child = fork(join(import.meta.dirname, '..', 'load', 'relay.ts'), [kind, target], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  return { url, stop: () => child.disconnect() }
}

/** Resolves when the close frame has arrived. */
function countThrough({ hostname, port, pathname, search, host }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      const key =
        'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${key}\r\n`)
    })
    socket.on('data', (chunk: Buffer) => {
      if (!chunk.subarray(-CLOSE.length).equals(CLOSE)) return
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
    socket.on('end', () => reject(new Error('The load ended early.')))
  })
}

/**
 * Milliseconds that the relay adds to one way of a message, at the median of `count` round trips through it and as many
 * without it, in turn.
 */
async function addedLatency(kind: string, count: number, size: number): Promise<number> {
  const http = createServer()
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const target = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const relay = await startRelay(kind, target)
  const clients = await Promise.all(
    [target, relay.url].map(async (url) => {
      const client = new WebSocket(url.replace('http:', 'ws:'), { perMessageDeflate: false })
      await once(client, 'open')
      return { client, times: [] as number[] }
    }),
  )
  const payload = Buffer.alloc(size, 0x61)
  for (let n = 0; n < count; n++)
    for (const { client, times } of clients) {
      const sent = performance.now()
      client.send(payload)
      await once(client, 'message')
      times.push(performance.now() - sent)
    }
  const [directly = 0, relayed = 0] = clients.map(({ times }) => median(times))
  for (const { client } of clients) client.terminate()
  http.close()
  relay.stop()
  return (relayed - directly) / 2
}
