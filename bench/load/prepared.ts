/**
 * A server that sends prepared strings, one after another, to each of its clients: `ws`, or a bare `http` server.
 * Arguments: the kind of the load, and the bytes of each message. `/feed?count=N` answers with N messages.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { repeatedPayloads } from './blocks.ts'

const HIGH_WATER = 1024 * 1024
/** Messages between two looks at what is waiting to be sent. */
const RUN = 64

const [kind, size] = process.argv.slice(2)
const texts = repeatedPayloads(Number(size)).map((bytes) => {
  const text = bytes.toString()
  return kind === 'sse' ? `data: ${text}\n\n` : kind === 'ndjson' ? `${text}\n` : text
})
const textAt = (n: number) => texts[n % texts.length] ?? ''

async function sendFrames(socket: WebSocket, count: number): Promise<void> {
  for (let n = 0; n < count && socket.readyState === socket.OPEN; n++) {
    if (n % RUN !== 0 || socket.bufferedAmount < HIGH_WATER) socket.send(textAt(n))
    else await new Promise((resolve) => socket.send(textAt(n), resolve))
  }
  socket.close(1000)
}

async function sendChunks(response: ServerResponse, count: number): Promise<void> {
  response.setHeader('Content-Type', kind === 'sse' ? 'text/event-stream' : 'application/x-ndjson')
  for (let n = 0; n < count && !response.closed; n++)
    if (!response.write(textAt(n))) await once(response, 'drain')
  response.end()
}

const countOf = (url = '/') => Number(new URL(url, 'http://127.0.0.1').searchParams.get('count'))
const server = createServer((request, response) => void sendChunks(response, countOf(request.url)))
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket, request) => {
  void sendFrames(socket, countOf(request.url))
})
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }))
})
