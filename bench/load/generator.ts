/**
 * The load generator, a separate process. It answers `GET /KIND?size=BYTES&count=N` with N messages as fast as
 * the client takes them. It supports only the HTTP that the contenders need.
 */
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { type Block, buildBlock, KINDS, type Kind } from './blocks.ts'
import { http2Load } from './http2.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const CLOSE = Buffer.from([0x88, 2, 0x03, 0xe8])
const LAST_CHUNK = Buffer.from('0\r\n\r\n')
const EMPTY_ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
const HEAD_END = '\r\n\r\n'

const blocks = new Map<string, Promise<Block>>()

function blockFor(kind: Kind, size: number): Promise<Block> {
  const key = `${kind} ${size}`
  let block = blocks.get(key)
  if (block === undefined) {
    block = buildBlock(kind, size)
    blocks.set(key, block)
  }
  return block
}

function headFor(kind: Kind, request: string): string {
  if (kind === 'sse' || kind === 'ndjson') {
    const type = kind === 'sse' ? 'text/event-stream' : 'application/x-ndjson'
    return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\nAccess-Control-Allow-Origin: *${HEAD_END}`
  }
  const key = /sec-websocket-key: (.+)\r\n/i.exec(request)?.[1] ?? ''
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64')
  const extension = kind === 'deflate' ? '\r\nSec-WebSocket-Extensions: permessage-deflate' : ''
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}${extension}${HEAD_END}`
}

/** Writes `count` messages, as many at once as the socket takes, then the end of the stream. */
function flood(socket: Socket, { bytes, ends }: Block, count: number, end: Buffer): void {
  let left = count
  const more = () => {
    while (left > 0) {
      const messages = Math.min(left, ends.length)
      left -= messages
      if (!socket.write(messages === ends.length ? bytes : bytes.subarray(0, ends[messages - 1]))) break
    }
    if (left > 0) return
    socket.off('drain', more)
    socket.write(end)
  }
  socket.on('drain', more)
  more()
}

async function answer(socket: Socket, head: string): Promise<void> {
  const url = new URL(/^GET (\S+)/.exec(head)?.[1] ?? '/', 'http://127.0.0.1')
  const kind = KINDS.find((each) => url.pathname === `/${each}`)
  if (kind === undefined) {
    socket.write(EMPTY_ANSWER)
    return
  }
  const block = await blockFor(kind, Number(url.searchParams.get('size')))
  const isStream = kind === 'sse' || kind === 'ndjson'
  socket.write(headFor(kind, head))
  flood(socket, block, Number(url.searchParams.get('count')), isStream ? LAST_CHUNK : CLOSE)
}

const takesHttp2 = http2Load(async (path) => {
  const { pathname, searchParams } = new URL(path, 'http://127.0.0.1')
  const isWebSocket = pathname === '/ws-http2'
  const block = await blockFor(isWebSocket ? 'ws' : 'http2', Number(searchParams.get('size')))
  return { block, count: Number(searchParams.get('count')), end: isWebSocket ? CLOSE : Buffer.alloc(0) }
})

const server = createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => {})
  // Not by `data`, after which the socket would go on reading.
  socket.once('readable', () => {
    const first: Buffer | null = socket.read()
    if (first !== null && !takesHttp2(socket, first)) serve(socket, first)
  })
})

/** Answers the requests of HTTP/1.1 on a connection, of which `first` has arrived. */
function serve(socket: Socket, first: Buffer): void {
  let head = ''
  let upgraded = false
  const take = (chunk: Buffer) => {
    if (upgraded) {
      // The client answers the close frame. Everything else that it sends is ignored.
      if (((chunk[0] ?? 0) & 0x0f) === 8) socket.end()
      return
    }
    head += chunk.toString('latin1')
    for (let end = head.indexOf(HEAD_END); end >= 0; end = head.indexOf(HEAD_END)) {
      const request = head.slice(0, end + HEAD_END.length)
      head = head.slice(end + HEAD_END.length)
      upgraded = /^upgrade: websocket/im.test(request)
      if (upgraded) process.send?.({ type: 'began' })
      void answer(socket, request)
    }
  }
  socket.on('data', take)
  take(first)
}

server.listen(0, '127.0.0.1', () =>
  process.send?.({ type: 'listening', port: (server.address() as AddressInfo).port }),
)
process.on('disconnect', () => process.exit(0))
