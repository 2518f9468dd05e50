/** Passes the bytes of two sockets on to each other as they arrive. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** Looks at what passes in one direction. */
export interface PassingBytes {
  /** Called with bytes that arrived, before they are written. They must not be changed, and are valid only during the call. */
  data?(bytes: Uint8Array): void
  /** The sender has closed its side (FIN). */
  end?(): void
}

/**
 * Passes the bytes of `from` on to `to`, without waiting for anything. A side that does not read stops the other one. The
 * end of one direction is passed on, and does not end the other direction. A reset is passed on as a reset. Call it for
 * each direction. Both sockets must have been opened with `allowHalfOpen`, and have a listener for errors.
 */
export function passBytes(from: Socket, to: Socket, passing: PassingBytes = {}): void {
  from.on('data', (bytes: Buffer) => {
    passing.data?.(bytes)
    if (!to.writable || to.write(bytes)) return
    from.pause()
    to.once('drain', () => from.resume())
  })
  from.on('end', () => {
    passing.end?.()
    to.end()
  })
  // It may have ended while it was paused.
  if (from.readableEnded) to.end()
  passReset(from, to)
}

/** Closes `to` as soon as `from` is closed: by a reset, if `from` was not closed properly. */
function passReset(from: Socket, to: Socket): void {
  from.on('close', () => {
    if (from.readableEnded) to.destroySoon()
    else reset(to)
  })
}

/** Closes a socket by a reset (RST). A TLS connection is closed without one. */
export function reset(socket: Socket): void {
  if (socket.destroyed || socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}
