/** A shop that speaks several transports, and files of requests for it. */

import { mkdir, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type WebSocket, WebSocketServer } from 'ws'
import { listen } from '../../support/loopback.ts'
import { tempDir } from '../../support/temp-dir.ts'

export const PASSWORD = 'correct horse/battery+staple'
export const TOKEN = 'tkn-5f2a9c'

export interface Shop {
  /** Such as `127.0.0.1:1234`. */
  readonly host: string
  /** The requests and messages that it got, in order. */
  readonly log: string[]
  /** Sends another event to each reader of `/ticks`. */
  tick(): void
}

/**
 * Serves `/login`, a POST that answers a token as JSON; `/events`, an event stream of three events; `/ticks`, one that does
 * not end; `/news`, a long poll; and `/chat`, a WebSocket that answers each message if it has the token.
 */
export async function serveShop(): Promise<Shop> {
  const log: string[] = []
  const readers = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    log.push(`${request.method} ${request.url}`)
    const path = request.url?.split('?')[0]
    if (path === '/login')
      void text(request).then((body) => {
        const isRight = (JSON.parse(body) as { password: string }).password === PASSWORD
        response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json' })
        response.end(JSON.stringify(isRight ? { session: { token: TOKEN }, user: 'ada' } : { error: 'no' }))
      })
    else if (path === '/events' || path === '/ticks') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const n of [1, 2, 3]) response.write(`id: ${n}\ndata: {"n":${n}}\n\n`)
      if (path === '/events') response.end()
      else readers.add(response)
    } else if (path === '/news')
      response.writeHead(200, { 'content-type': 'application/json', etag: '"1"' }).end('{"news":1}')
    else response.writeHead(404).end('nothing here')
  })
  const tick = () => {
    for (const reader of readers) reader.write('data: more\n\n')
  }
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      log.push(data.toString())
      const message = JSON.parse(data.toString()) as { type: string }
      if (message.type === 'quit') socket.close(1000)
      else if (message.type !== 'silence')
        socket.send(
          JSON.stringify(isKnown ? { type: `${message.type}ed`, id: log.length } : { type: 'denied' }),
        )
    })
  })
  return { host: `127.0.0.1:${await listen(server)}`, log, tick }
}

/** Writes files into a new folder. Resolves to its path. */
export async function writeFiles(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = tempDir()
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
  return folder
}

/** Writes a file of requests. Resolves to its path. */
export async function writeRequests(content: string): Promise<string> {
  return join(await writeFiles({ 'shop.http': content }), 'shop.http')
}
