/** One sequence of messages, served over every transport. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { listen } from './loopback.ts'

/** Serves the items that are pushed to it. If the protocol cannot resume, each item is sent once. */
export class ServedMessages {
  readonly items: string[] = []
  /** Number of items sent, for protocols that cannot resume. */
  taken = 0
  /** Bytes to send before every response. */
  preface = ''
  #down = false
  #changed = new Set<() => void>()
  readonly #sockets = new Set<Socket>()

  push(...items: string[]): void {
    this.items.push(...items)
    this.#notify()
  }

  /** Resolves when there is an item of that index, to false if the peer has gone. */
  async has(index: number, peer: Socket): Promise<boolean> {
    while (this.items.length <= index && !peer.destroyed) {
      await new Promise<void>((resolve) => {
        this.#changed.add(resolve)
        peer.once('close', resolve)
      })
    }
    return !peer.destroyed
  }

  /** Cuts every connection, and new ones at their first request, until `up` is called. */
  cut(): void {
    this.#down = true
    for (const socket of this.#sockets) socket.destroy()
  }

  up(): void {
    this.#down = false
  }

  async serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = this.#server()
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.#down) return request.socket.destroy()
      request.socket.write(this.preface)
      handler(request, response)
    })
    return `http://127.0.0.1:${await listen(server)}/`
  }

  async serveWebSocket(): Promise<string> {
    const server = this.#server()
    const sockets = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, socket: Socket, head) => {
      socket.on('error', () => {})
      if (this.#down) return socket.destroy()
      socket.write(this.preface)
      sockets.handleUpgrade(request, socket, head, (peer) => {
        void this.pour(socket, (item) => peer.send(item))
      })
    })
    return `ws://127.0.0.1:${await listen(server)}/`
  }

  /** Writes items as they are pushed, from the first unsent one, until the peer has gone. */
  async pour(peer: Socket, write: (item: string) => void): Promise<void> {
    while (await this.has(this.taken, peer)) write(this.items[this.taken++] ?? '')
  }

  #server() {
    const server = createServer()
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    return server
  }

  #notify(): void {
    const changed = this.#changed
    this.#changed = new Set()
    for (const resolve of changed) resolve()
  }
}

/** A stream of events that resumes after `Last-Event-ID`. */
export function serveEvents(messages: ServedMessages): Promise<string> {
  return messages.serve(async (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    for (let i = Number(request.headers['last-event-id'] ?? 0); await messages.has(i, request.socket); i++)
      response.write(`id: ${i + 1}\ndata: ${messages.items[i]}\n\n`)
  })
}

/** A stream of lines. */
export function serveLines(messages: ServedMessages): Promise<string> {
  return messages.serve((request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders()
    void messages.pour(request.socket, (item) => response.write(`${item}\n`))
  })
}

/** One item for each response, after the number in `since`. The next number is in `X-Next`. */
export function servePolls(messages: ServedMessages, hold: boolean): Promise<string> {
  return messages.serve(async (request, response) => {
    const since = Number(new URL(request.url ?? '', 'http://h').searchParams.get('since') ?? 0)
    if (!hold && messages.items.length <= since) {
      response.writeHead(204).end()
      return
    }
    if (await messages.has(since, request.socket))
      response.writeHead(200, { 'x-next': String(since + 1) }).end(messages.items[since])
  })
}
