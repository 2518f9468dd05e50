/**
 * Many WebSockets, a separate process. It accepts every handshake. Told to `flood`, it sends messages at a rate, spread evenly over
 * the open connections, and then reports how many it sent. Its parent is the contender.
 */
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { payload } from './payloads.ts'

/** What the contender asks for. */
export interface Flood {
  /** Messages a second, over all connections. */
  readonly rate: number
  readonly count: number
  /** Bytes of a message, at most 125. */
  readonly size: number
}

export type ManyReport =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'sent'; readonly count: number; readonly mostBehind: number }

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const TICK = 5
const BACKLOG = 8192
/** Different messages that are sent, over and over. */
const NUMBERS = 4099
const NO_FRAME = Buffer.alloc(0)
const HEAD_END = '\r\n\r\n'

const sockets = new Set<Socket>()
const tell = (report: ManyReport) => process.send?.(report)

const server = createServer({ noDelay: true }, (socket) => {
  let head = ''
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
  socket.on('data', (chunk: Buffer) => {
    if (sockets.has(socket)) {
      if (((chunk[0] ?? 0) & 0x0f) === 8) socket.end(Buffer.from([0x88, 2, 0x03, 0xe8]))
      return
    }
    head += chunk.toString('latin1')
    if (!head.includes(HEAD_END)) return
    const key = /sec-websocket-key: (.+)\r\n/i.exec(head)?.[1] ?? ''
    head = ''
    const accept = createHash('sha1')
      .update(key + GUID)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}${HEAD_END}`,
    )
    sockets.add(socket)
  })
})

/** Frames of numbered messages, so that what is known of one message does not help with the next. */
function framesOf(size: number): readonly Buffer[] {
  return Array.from({ length: NUMBERS }, (_, number) => {
    const content = payload(number, size)
    return Buffer.concat([Buffer.from([0x81, content.length]), content])
  })
}

function flood({ rate, count, size }: Flood): void {
  const frames = framesOf(size)
  const all = [...sockets]
  const started = performance.now()
  let sent = 0
  let mostBehind = 0
  const timer = setInterval(() => {
    const due = Math.min(count, Math.floor(((performance.now() - started) * rate) / 1000))
    mostBehind = Math.max(mostBehind, due - sent)
    for (; sent < due; sent++) all[sent % all.length]?.write(frames[sent % NUMBERS] ?? NO_FRAME)
    if (sent < count) return
    clearInterval(timer)
    tell({ type: 'sent', count, mostBehind })
  }, TICK)
}

process.on('message', (message) => flood(message as Flood))
process.on('disconnect', () => process.exit(0))
server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () =>
  tell({ type: 'listening', port: (server.address() as AddressInfo).port }),
)
