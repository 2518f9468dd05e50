/**
 * The paced load, a separate process. It answers `GET /?rate=R&seconds=S&size=B` with R numbered WebSocket messages a
 * second, then closes, or destroys the socket with `&end=drop`. For each connection it reports to its parent how many
 * messages it sent, a hash of them all, and how far it fell behind its rate.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { sequenced } from './sequenced.ts'

/** The message to the parent process. */
export type PacedMessage =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'sent'; readonly count: number; readonly hash: string; readonly mostBehind: number }

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const CLOSE = Buffer.from([0x88, 2, 0x03, 0xe8])
const TICK = 5
/** Largest number of messages in one write. */
const MOST_AT_ONCE = 5000

const tell = (message: PacedMessage) => process.send?.(message)

function frames(texts: readonly string[], size: number): Buffer {
  const bytes = Buffer.allocUnsafe(texts.length * (size + 2))
  texts.forEach((text, i) => {
    const at = i * (size + 2)
    bytes[at] = 0x81
    bytes[at + 1] = size
    bytes.write(text, at + 2, 'latin1')
  })
  return bytes
}

function send(socket: Duplex, query: URLSearchParams): void {
  const number = (name: string) => Number(query.get(name))
  const [rate, seconds, size] = [number('rate'), number('seconds'), number('size')]
  const total = Math.round(rate * seconds)
  const hash = createHash('sha256')
  const started = performance.now()
  let count = 0
  let mostBehind = 0
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const over = () => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    tell({ type: 'sent', count, hash: hash.digest('hex'), mostBehind })
  }
  const end = () => {
    over()
    if (query.get('end') === 'drop') socket.destroy()
    else socket.write(CLOSE)
  }
  const tick = () => {
    if (isOver) return
    const due = Math.min(total, Math.floor(((performance.now() - started) * rate) / 1000))
    mostBehind = Math.max(mostBehind, due - count)
    // Waits until the socket takes more, so that the generator falls behind instead of filling memory.
    if (due > count && !socket.writableNeedDrain) {
      const texts = Array.from({ length: Math.min(due - count, MOST_AT_ONCE) }, (_, i) =>
        sequenced(count + i, size),
      )
      hash.update(texts.join(''), 'latin1')
      count += texts.length
      socket.write(frames(texts, size))
    }
    if (count === total) end()
    else timer = setTimeout(tick, TICK)
  }
  socket.on('close', over)
  socket.on('error', over)
  socket.on('data', (chunk: Buffer) => {
    // A close frame, or the answer to ours (RFC 6455 section 5.5.1). The client sends nothing else.
    if (((chunk[0] ?? 0) & 0x0f) !== 8) return
    if (!isOver) socket.write(CLOSE)
    over()
    socket.end()
  })
  tick()
}

const server = createServer((_, response) => response.end())
server.on('upgrade', (request, socket) => {
  const key = request.headers['sec-websocket-key'] ?? ''
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  send(socket, new URL(request.url ?? '/', 'http://127.0.0.1').searchParams)
})
server.listen(0, '127.0.0.1', () => tell({ type: 'listening', port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
