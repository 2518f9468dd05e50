/** Intercepts what a socket reads and writes, so that it is seen before any other listener acts on it. */
import type { Duplex } from 'node:stream'
import { freeBytes } from '../free-bytes.ts'
import type { LentReads } from '../http/lent-reads.ts'

export interface Reader {
  /** May overwrite the chunk. Returns true if it does not need the chunk any more. */
  data(chunk: Uint8Array): boolean
  /** As `data`, with bytes that will be overwritten. */
  lent(bytes: Uint8Array): void
  /** The socket has closed. */
  end(): void
}

/**
 * Replaces the listeners of the socket's `data` event with `reader`. With `reads`, only what was read before, or while the
 * socket was paused, comes as an event. Returns a function that passes a chunk to the replaced listeners.
 */
export function interceptReads(
  socket: Duplex,
  reader: Reader,
  reads: LentReads | undefined,
): (chunk: Buffer) => void {
  const replaced = socket.listeners('data') as ((chunk: Buffer) => void)[]
  socket.on('data', (chunk: Buffer) => {
    if (reader.data(chunk)) freeBytes(chunk)
  })
  for (const listener of replaced) socket.off('data', listener)
  if (reads !== undefined)
    reads.receive = (bytes) =>
      // What came before it may wait in the socket, and more of it while the socket is paused.
      socket.readableFlowing === true && socket.readableLength === 0
        ? reader.lent(bytes)
        : socket.push(Buffer.from(bytes))
  socket.prependListener('close', () => {
    // A paused socket may still hold bytes when it is destroyed.
    const rest: Buffer | null = socket.readableLength > 0 ? socket.read() : null
    if (rest !== null) reader.data(rest)
    reader.end()
  })
  return (chunk) => {
    for (const listener of replaced) listener.call(socket, chunk)
  }
}

/** Calls `onChunk` with each chunk just before it is written. */
export function interceptWrites(socket: Duplex, onChunk: (chunk: Uint8Array) => void): void {
  const write = socket.write.bind(socket) as (chunk: Uint8Array | string, ...rest: unknown[]) => boolean
  socket.write = ((chunk: Uint8Array | string, ...rest: unknown[]) => {
    onChunk(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    return write(chunk, ...rest)
  }) as typeof socket.write
}
