/** Sees the bytes of a socket, both ways, before anyone else acts on them. */
import type net from 'node:net'
import { freeBytes } from '../free-bytes.ts'

export interface Reader {
  /** True where nothing of the chunk is needed any more. */
  data(chunk: Uint8Array): boolean
  /** The socket has closed; no more comes. */
  end(): void
}

/**
 * Gives `reader` what arrives from now on, in the place of the listeners there are; it may write into it. Returns
 * a function that lets those have a chunk all the same.
 */
export function takeReads(socket: net.Socket, reader: Reader): (chunk: Buffer) => void {
  const others = socket.listeners('data') as ((chunk: Buffer) => void)[]
  socket.on('data', (chunk: Buffer) => {
    if (reader.data(chunk)) freeBytes(chunk)
  })
  for (const other of others) socket.off('data', other)
  socket.prependListener('close', () => {
    // What a paused socket still held when it was destroyed.
    const rest: Buffer | null = socket.readableLength > 0 ? socket.read() : null
    if (rest !== null) reader.data(rest)
    reader.end()
  })
  return (chunk) => {
    for (const other of others) other.call(socket, chunk)
  }
}

/** Calls `seen` for every chunk that is written, just before it is. */
export function tapWrites(socket: net.Socket, seen: (chunk: Uint8Array) => void): void {
  const write = socket.write.bind(socket) as (chunk: Uint8Array | string, ...rest: unknown[]) => boolean
  socket.write = ((chunk: Uint8Array | string, ...rest: unknown[]) => {
    seen(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    return write(chunk, ...rest)
  }) as typeof socket.write
}
