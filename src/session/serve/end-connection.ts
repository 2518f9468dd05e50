/** Ways to end the connection of a client. */
import { STATUS_CODES } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds for a client to read what was sent before a reset. A reset discards unread data. */
const READING = 50

/** Ends a connection without a closing message once all data is sent, optionally with a TCP reset. */
export async function hangUp(socket: Duplex, reset = false): Promise<void> {
  // An HTTP response that is buffered until the end of this turn is written first.
  await new Promise<void>((resolve) => setImmediate(resolve))
  if (!socket.destroyed) await new Promise<void>((resolve) => socket.write('', () => resolve()))
  if (reset) await delay(READING)
  if (reset && socket instanceof Socket) socket.resetAndDestroy()
  else socket.destroy()
}

/** Answers a WebSocket handshake with a status and an explanation. */
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
