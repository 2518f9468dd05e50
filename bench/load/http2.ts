/** The HTTP/2 side of the load generator: Node's server, to which whole blocks are written. It fills frames of 16 KiB. */
import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { Block } from './blocks.ts'

/** What a connection with prior knowledge begins with (RFC 9113 section 3.4). */
const PREFACE = 'PRI * HTTP/2.0'

/** What a path asks for. */
interface Load {
  readonly block: Block
  readonly count: number
  /** What follows it. */
  readonly end: Buffer
}

/** Makes a function that takes a connection if its first bytes are those of HTTP/2. WebSockets open on it, too (RFC 8441). */
export function http2Load(load: (path: string) => Promise<Load>): (socket: Socket, first: Buffer) => boolean {
  const server = createServer({ settings: { enableConnectProtocol: true } })
  server.on('stream', async (stream, { ':path': path = '/', ':protocol': protocol }) => {
    stream.on('error', () => {})
    const { block, count, end } = await load(path)
    stream.respond({ ':status': 200, ...(protocol === undefined && { 'content-type': 'text/event-stream' }) })
    if (protocol !== undefined) stream.resume()
    flood(stream, block, count, end)
  })
  return (socket, first) => {
    if (first.toString('latin1', 0, PREFACE.length) !== PREFACE) return false
    socket.unshift(first)
    server.emit('connection', socket)
    return true
  }
}

function flood(stream: ServerHttp2Stream, { bytes, ends }: Block, count: number, end: Buffer): void {
  let left = count
  const more = () => {
    while (left > 0) {
      const messages = Math.min(left, ends.length)
      left -= messages
      if (!stream.write(messages === ends.length ? bytes : bytes.subarray(0, ends[messages - 1]))) break
    }
    if (left > 0) return
    stream.off('drain', more)
    stream.end(end)
  }
  stream.on('drain', more)
  more()
}
