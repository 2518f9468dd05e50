/**
 * `/socket.io/`: Socket.IO 4 over a WebSocket (https://socket.io/docs/v4/socket-io-protocol/). Both sides ask for
 * acknowledgments. Some requests are never acknowledged.
 */
import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Script } from '../src/vscode/connect/demo-client.ts'
import { between, quote, trade } from './market.ts'
import { later, repeat } from './schedule.ts'
import { parsed, send, webSocketServer } from './web-sockets.ts'

const PING_INTERVAL = 5000
/** One in this many requests is not acknowledged. */
const REQUESTS_PER_LOSS = 5

/** A packet of Engine.IO with a packet of Socket.IO: types, namespace, acknowledgment id, and data as JSON. */
const PACKET = /^4([0-4])(?:(\/[^,]*),?)?(\d{0,15})(.*)$/s

/** The client connects, asks for a sum, and buys what the server offers. */
export const socketIoScript: Script = {
  opening: ['40', '420["sum",20,22]'],
  answers: [
    { to: '^2$', texts: ['3'] },
    { to: '^42\\["offer",(\\d+)', texts: ['42$1["buy",$1]'] },
    { to: '^42(\\d+)\\["confirm"', texts: ['43$1["confirmed"]'] },
  ],
}

export const socketIoServer = () => webSocketServer('', serve)

function serve(socket: WebSocket): void {
  const open = { sid: randomUUID(), upgrades: [], pingInterval: PING_INTERVAL, pingTimeout: 4000 }
  send(socket, `0${JSON.stringify({ ...open, maxPayload: 1_000_000 })}`)
  // A client that does not answer pings is kept, so that you can talk to this server by hand.
  repeat(
    socket,
    () => PING_INTERVAL,
    () => send(socket, '2'),
  )
  const client = new Client(socket)
  socket.on('message', (data, binary) => {
    if (!binary) client.receive(String(data))
  })
}

class Client {
  readonly #socket: WebSocket
  #connected = false
  #requests = 0
  #offers = 0
  #confirmations = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  receive(text: string): void {
    if (text === '1') this.#socket.close()
    const [, type, namespace = '/', id = '', data = ''] = PACKET.exec(text) ?? []
    if (type === '0') this.#connect(namespace)
    else if (type === '1') this.#socket.close()
    else if (type === '2' && this.#connected) this.#event(id, parsed(data))
  }

  #connect(namespace: string): void {
    if (namespace !== '/') send(this.#socket, `44${namespace},{"message":"Invalid namespace"}`)
    if (namespace !== '/' || this.#connected) return
    this.#connected = true
    send(this.#socket, `40${JSON.stringify({ sid: randomUUID() })}`)
    repeat(
      this.#socket,
      () => between(1500, 3000),
      () => this.#emit('', 'offer', ++this.#offers, quote()),
    )
  }

  #event(id: string, data: unknown): void {
    if (!Array.isArray(data)) return
    const [name, ...values] = data
    if (id !== '' && ++this.#requests % REQUESTS_PER_LOSS !== 0)
      later(this.#socket, between(20, 300), () =>
        send(this.#socket, `43${id}${JSON.stringify([answer(name, values)])}`),
      )
    if (name === 'buy')
      later(this.#socket, 500, () => this.#emit(String(this.#confirmations++), 'confirm', trade()))
  }

  #emit(id: string, name: string, ...values: unknown[]): void {
    send(this.#socket, `42${id}${JSON.stringify([name, ...values])}`)
  }
}

function answer(name: unknown, values: readonly unknown[]): unknown {
  if (name === 'sum') return values.reduce((sum: number, value) => sum + Number(value), 0)
  if (name === 'buy') return { bought: values[0], ...trade() }
  return { error: 'The demo knows the events "sum" and "buy".' }
}
