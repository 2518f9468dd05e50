/** Reads a socket, from the chunks that it emits or from the buffer that it reads into. */
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
 * Passes what a socket reads to `reader`. With `reads`, only what was read before, or while the socket was paused, comes as an
 * event.
 */
export function readSocket(socket: Duplex, reader: Reader, reads: LentReads | undefined): void {
  socket.on('data', (chunk: Buffer) => {
    if (reader.data(chunk)) freeBytes(chunk)
  })
  if (reads !== undefined)
    reads.receive = (bytes) =>
      // What came before it may wait in the socket, and more of it while the socket is paused.
      socket.readableFlowing === true && socket.readableLength === 0
        ? reader.lent(bytes)
        : socket.push(Buffer.from(bytes))
  socket.on('close', () => {
    // A paused socket may still hold bytes when it is destroyed.
    const rest: Buffer | null = socket.readableLength > 0 ? socket.read() : null
    if (rest !== null) reader.data(rest)
    reader.end()
  })
}
