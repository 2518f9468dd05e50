/** Sees the bytes of a socket, both ways, before anyone else acts on them. */
import type net from 'node:net'

/** Calls `seen` for every chunk that arrives, ahead of the listeners there are. */
export function tapReads(socket: net.Socket, seen: (chunk: Uint8Array) => void): void {
  socket.prependListener('data', seen)
}

/** Calls `seen` for every chunk that is written, just before it is. */
export function tapWrites(socket: net.Socket, seen: (chunk: Uint8Array) => void): void {
  const write = socket.write.bind(socket) as (chunk: Uint8Array | string, ...rest: unknown[]) => boolean
  socket.write = ((chunk: Uint8Array | string, ...rest: unknown[]) => {
    seen(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    return write(chunk, ...rest)
  }) as typeof socket.write
}
