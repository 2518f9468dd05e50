import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answers a handshake with a status and, for people, a sentence. */
export function refuse(socket: Duplex, status: number, body = ''): void {
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
    'utf8',
  )
}
