/** An HTTP/2 server that sends frames as they are given, byte by byte. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { FrameScanner } from '../../src/transport/http2/frame-scanner.ts'
import { listen } from './loopback.ts'

/** Header field block with the status 200 (RFC 7541, entry 8 of the static table). */
export const STATUS_200 = [0x88]
export const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION] = [
  0, 1, 3, 4, 6, 7, 9,
] as const
export const [END_STREAM, ACK, END_HEADERS, PADDED] = [1, 1, 4, 8] as const
/** SETTINGS_ENABLE_CONNECT_PROTOCOL is 1 (RFC 8441 section 3). */
export const ENABLE_CONNECT_PROTOCOL = [0, 8, 0, 0, 0, 1]

export function http2Frame(
  type: number,
  flags: number,
  stream: number,
  payload: Iterable<number> = [],
): Buffer {
  const bytes = Buffer.from([...payload])
  const head = Buffer.alloc(9)
  head.writeUIntBE(bytes.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, bytes])
}

export interface FrameServer {
  readonly url: string
  readonly socket: Promise<Socket>
}

/** Starts a server that sends `settings`, and `frames` once a request has arrived. */
export async function serveHttp2Frames(
  frames: readonly Buffer[],
  settings: Iterable<number> = [],
): Promise<FrameServer> {
  const server = createServer()
  const port = await listen(server)
  const socket = once(server, 'connection').then(([connected]: Socket[]) => {
    if (connected === undefined) throw new Error('No connection')
    connected.on('error', () => {})
    connected.write(http2Frame(SETTINGS, 0, 0, settings))
    const scanner = new FrameScanner(({ type }) => {
      if (type === HEADERS) connected.write(Buffer.concat([http2Frame(SETTINGS, ACK, 0), ...frames]))
    })
    connected.on('data', (chunk: Buffer) => scanner.push(chunk))
    return connected
  })
  return { url: `http://127.0.0.1:${port}/`, socket }
}
