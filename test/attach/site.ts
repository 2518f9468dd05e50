/** A site whose server pushes: a WebSocket, an event stream, records, and answers that are polled. */
import { createServer, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { listen } from '../support/loopback.ts'

export interface Site {
  /** Ends with a slash. */
  readonly url: string
  /** The WebSockets that are open, by path. */
  readonly sockets: Map<string, WebSocket>
}

/**
 * `files` are served by path. `/ws…` echoes, after a text and a binary message and a ping; `/refused` answers 403. `/events` is an
 * event stream of three events, `/records` a stream of three JSON records, and `/poll` answers with a number that counts on.
 */
export async function serveSite(files: Readonly<Record<string, string>>): Promise<Site> {
  let polls = 0
  const server = createServer(({ url = '' }, response) => {
    if (url === '/events') return void events(response)
    if (url === '/records') return void records(response)
    if (url === '/poll') return void response.end(JSON.stringify({ poll: polls++ }))
    const file = files[url]
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': typeOf(url) })
    response.end(file)
  })
  const sockets = new Map<string, WebSocket>()
  const upgrading = new WebSocketServer({ noServer: true, perMessageDeflate: true })
  server.on('upgrade', (request, socket: Duplex, head) => {
    const { url = '' } = request
    if (url === '/refused') return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    upgrading.handleUpgrade(request, socket, head, (opened) => {
      sockets.set(url, opened)
      opened.on('error', () => {})
      opened.send('welcome')
      opened.ping('are you there')
      opened.send(Buffer.from([0, 255, 1]))
      opened.on('message', (data, isBinary) => opened.send(data, { binary: isBinary }))
    })
  })
  return { url: `http://127.0.0.1:${await listen(server)}/`, sockets }
}

/** Each part is sent after the one before it has left, so that they arrive apart. */
async function send(response: ServerResponse, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    await new Promise<unknown>((resolve) => response.write(part, resolve))
    await new Promise(setImmediate)
  }
  response.end()
}

function events(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'seen=1' })
  return send(response, [
    'retry: 600000\n\n',
    'id: 1\ndata: one\n\n',
    ': comment\n\n',
    'event: two\ndata: zwölf\n\n',
  ])
}

function records(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  return send(response, ['{"record":1}\n', '{"record":2}\n{"rec', 'ord":3}\n'])
}

function typeOf(path: string): string {
  if (path.endsWith('.js')) return 'text/javascript'
  return path.endsWith('.map') ? 'application/json' : 'text/html; charset=utf-8'
}
