/** The server of these tests: one port with every transport, controlled by the test. */

import { execFile } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import { listen } from '../support/loopback.ts'

export interface Peers {
  /** `127.0.0.1:PORT` */
  readonly host: string
  /** Destroys the sockets of the WebSocket clients. */
  dropSockets(): void
}

/** Ends with `closeServers`. */
export async function startPeers(): Promise<Peers> {
  const server = createServer((request, response) => answer(request, response))
  const sockets = new WebSocketServer({ server, path: '/echo' })
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('error', () => {})
    socket.on('message', (data, binary) => socket.send(data, { binary }))
    socket.send(JSON.stringify({ type: 'welcome', items: [1, 2, 3] }))
  })
  const host = `127.0.0.1:${await listen(server)}`
  return {
    host,
    dropSockets: () => {
      for (const socket of sockets.clients) socket.terminate()
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  switch (pathname) {
    case '/events':
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': a comment\nevent: greeting\nid: 7\ndata: hello from the event stream\n\n')
      return
    case '/records':
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.write('{"record":"one of the stream"}\n{"record":"two of the stream"}\n')
      return
    case '/status':
      answerOnce(request, response, '{"status":"polled"}', () => response.writeHead(304).end())
      return
    case '/config':
      // There is never anything new: the second request is held until its client disconnects.
      answerOnce(request, response, '{"config":"long-polled"}', () => {})
      return
    default:
      response.writeHead(404).end()
  }
}

function answerOnce(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  afterwards: () => void,
): void {
  if (request.headers['if-none-match'] === '"1"') afterwards()
  else response.writeHead(200, { 'content-type': 'application/json', etag: '"1"' }).end(body)
}

/** Their process ids: one for each window, and for a while for one that was closed. */
export async function extensionHostsOf(server: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return Number(parent) === server && args.includes('--type=extensionHost') ? [Number(pid)] : []
  })
}

/** Sends a signal to a process, unless it has ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
