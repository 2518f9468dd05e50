/** `/ticker`: a WebSocket of trades and quotes that answers requests and restarts now and then. */
import type { RawData, WebSocket } from 'ws'
import { between, book, packedPrices, quote, trade } from './market.ts'
import { later, repeat } from './schedule.ts'
import { parsed, send as sendTo, webSocketServer } from './web-sockets.ts'

export const tickerServer = () => webSocketServer('ticker.v1', serve)

function serve(socket: WebSocket): void {
  const channels = new Set(['trades', 'quotes'])
  // Clients find gaps by these numbers, so each connection has its own, and binary messages others.
  let [sequence, packed] = [0, 0]
  const send = (message: object | Buffer) =>
    sendTo(socket, Buffer.isBuffer(message) ? message : JSON.stringify(message))
  socket.on('message', (data, binary) => send(answer(data, binary, channels)))
  send({ type: 'welcome', channels: [...channels], server: 'demo ticker' })
  repeat(
    socket,
    () => between(60, 500),
    () => channels.has('trades') && send(trade(++sequence)),
  )
  repeat(
    socket,
    () => between(40, 250),
    () => channels.has('quotes') && send(quote(++sequence)),
  )
  repeat(
    socket,
    () => 4000,
    () => send(book(++sequence)),
  )
  repeat(
    socket,
    () => 3000,
    () => send(packedPrices(++packed)),
  )
  repeat(
    socket,
    () => 5000,
    () => socket.ping(Buffer.from('still there?')),
  )
  later(socket, between(18_000, 24_000), () => socket.close(1012, 'service restart'))
}

function answer(data: RawData, binary: boolean, channels: Set<string>): object | Buffer {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data.toString())
  if (binary) return bytes
  const request = parse(bytes.toString())
  const channel = request?.channel
  if (request?.op === 'subscribe' && channel !== undefined && channels.size < 100) channels.add(channel)
  else if (request?.op === 'unsubscribe' && channel !== undefined) channels.delete(channel)
  else return { type: 'echo', text: bytes.toString() }
  return { type: `${request.op}d`, channel, channels: [...channels] }
}

function parse(text: string): { op?: string; channel?: string } | undefined {
  const value = parsed(text)
  return typeof value === 'object' && value !== null ? value : undefined
}
