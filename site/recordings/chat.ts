/** The server of the example of a chat: numbered messages in JSON, of which a client misses some if it is cut off. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export interface ChatServer {
  readonly url: string
  /** Cuts all connections, and goes on without them. */
  cut(): void
  stop(): Promise<void>
}

const TALK = [
  ['grace', 'Two of three hosts are up. The third is pulling the image.'],
  ['alan', 'Latency looks normal: 41 ms at the 95th percentile.'],
  ['grace', 'Third host is up.'],
  ['alan', 'Error rate rose to 0.4 % for a minute. Looking.'],
  ['grace', 'That was the old version draining. It is gone now.'],
  ['alan', 'Closing the incident channel in ten minutes.'],
  ['grace', 'All hosts run 4.2.0. Nice work.'],
] as const

/** Milliseconds between two messages of others. */
const EVERY = 900

export async function serveChat(): Promise<ChatServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/chat' })
  await once(server, 'listening')
  let seq = 0
  const tell = (message: object) => {
    const text = JSON.stringify(message)
    for (const client of server.clients) client.send(text)
  }
  server.on('connection', (client: WebSocket) => {
    client.send(JSON.stringify({ type: 'welcome', room: 'releases', members: ['ada', 'alan', 'grace'], seq }))
    client.on('message', (data) => {
      const { text } = JSON.parse(String(data)) as { readonly text: string }
      tell({ type: 'message', seq: ++seq, from: 'ada', text })
    })
  })
  const timer = setInterval(() => {
    const [from, text] = TALK[seq % TALK.length] ?? TALK[0]
    tell({ type: 'message', seq: ++seq, from, text })
  }, EVERY)
  const { port } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}/chat`,
    cut() {
      for (const client of server.clients) client.terminate()
      // What the others say before anybody is back.
      seq += 3
    },
    async stop() {
      clearInterval(timer)
      for (const client of server.clients) client.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}
