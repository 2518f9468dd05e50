/** Servers that write any bytes that a test chooses, valid or not. */
import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { listen } from './loopback.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** A TCP server. `script` gets each connection after the head of a request. Resolves to host and port. */
export async function serveRaw(script: (socket: Socket, head: string) => void): Promise<string> {
  const server = createServer((socket) => {
    let head = ''
    socket.on('error', () => {})
    const read = (chunk: Buffer) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      socket.off('data', read)
      script(socket, head)
    }
    socket.on('data', read)
  })
  return `127.0.0.1:${await listen(server)}`
}

/** The `Sec-WebSocket-Accept` for a request's handshake key (RFC 6455 section 4.2.2). */
function acceptKey(head: string): string {
  const key = /sec-websocket-key: (.+)\r\n/i.exec(head)?.[1] ?? ''
  return createHash('sha1')
    .update(key + GUID)
    .digest('base64')
}

/** The response that opens a WebSocket, with the given additional header lines. */
export function switchingProtocols(head: string, ...lines: string[]): string {
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptKey(head)}`,
    ...lines,
    '\r\n',
  ].join('\r\n')
}

/**
 * A server that opens a WebSocket and then calls `script` to write to it. It ends the connection when the client
 * closes, and ignores everything else. Resolves to its URL.
 */
export async function serveFrames(script: (socket: Socket) => void, ...lines: string[]): Promise<string> {
  const host = await serveRaw((socket, head) => {
    socket.write(switchingProtocols(head, ...lines))
    socket.on('data', (chunk) => {
      if (endsInClose(chunk)) socket.end()
    })
    script(socket)
  })
  return `ws://${host}/`
}

/** Bytes of a masked close frame with a code and without a reason. */
function endsInClose(chunk: Buffer): boolean {
  return chunk.at(-8) === 0x88 && chunk.at(-7) === 0x82
}

export interface FrameOptions {
  readonly fin?: boolean
  /** The reserved bits at their place in the first byte: 0x40, 0x20, 0x10. */
  readonly rsv?: number
  /** The length in the header, if it is not the payload's. */
  readonly length?: number
}

/** An unmasked frame (RFC 6455 section 5.2), valid or not. */
export function frame(opcode: number, payload: string | Uint8Array = '', options: FrameOptions = {}): Buffer {
  const bytes = Buffer.from(payload)
  const { fin = true, rsv = 0, length = bytes.length } = options
  const first = (fin ? 0x80 : 0) | rsv | opcode
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), bytes])
  const header = Buffer.alloc(length < 65536 ? 4 : 10)
  header[0] = first
  header[1] = length < 65536 ? 126 : 127
  if (length < 65536) header.writeUInt16BE(length, 2)
  else header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, bytes])
}

/** A close frame. */
export function closeFrame(code: number, reason = ''): Buffer {
  const payload = Buffer.alloc(2)
  payload.writeUInt16BE(code)
  return frame(8, Buffer.concat([payload, Buffer.from(reason)]))
}

/** Cuts the connection with a TCP reset. */
export function reset(socket: Socket): void {
  socket.resetAndDestroy()
}
