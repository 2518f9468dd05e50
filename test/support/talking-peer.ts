/** A WebSocket server that says and hears one message after another, as a specification has it. */
import { on } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import { type RawData, WebSocketServer } from 'ws'
import { listen } from './loopback.ts'

export class TalkingPeer {
  readonly request: IncomingMessage
  readonly #send: (data: string | Uint8Array) => void
  readonly #heard: AsyncIterator<unknown[]>
  readonly close: (code?: number, reason?: string) => void

  constructor(socket: import('ws').WebSocket, request: IncomingMessage) {
    this.request = request
    socket.on('error', () => {})
    this.#heard = on(socket, 'message')
    this.#send = (data) => socket.send(data)
    this.close = (code, reason) => socket.close(code, reason)
  }

  /** Sends a text, bytes, or a value as JSON. */
  say(value: unknown): void {
    this.#send(typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value))
  }

  /** The next message: bytes, or a text. */
  async hear(): Promise<string | Buffer> {
    const { value = [] } = await this.#heard.next()
    const [data, isBinary] = value as [RawData, boolean]
    const bytes = data as Buffer
    return isBinary ? bytes : bytes.toString()
  }

  /** The next message as JSON. */
  async hearJson(): Promise<unknown> {
    return JSON.parse(String(await this.hear()))
  }
}

/** Serves one client after another. Resolves to the host and port. */
export async function talk(
  conversation: (peer: TalkingPeer) => Promise<void>,
  failed: (thrown: unknown) => void = (thrown) => {
    throw thrown
  },
): Promise<string> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, handleProtocols: ([first]) => first ?? false })
  sockets.on('connection', (socket, request) => {
    void conversation(new TalkingPeer(socket, request)).catch(failed)
  })
  return `127.0.0.1:${await listen(server)}`
}
