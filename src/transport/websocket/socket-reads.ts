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

export class SocketReads {
  readonly #socket: Duplex
  readonly #reader: Reader
  /** The socket holds nothing and is not paused, so that the reader gets what is read before the socket sees it. */
  #isDirect = false

  /**
   * Passes what a socket reads to `reader`. With `reads`, only what was read before, or while the socket was paused,
   * comes as an event.
   */
  constructor(socket: Duplex, reader: Reader, reads: LentReads | undefined) {
    this.#socket = socket
    this.#reader = reader
    socket.on('data', (chunk: Buffer) => {
      if (reader.data(chunk)) freeBytes(chunk)
    })
    if (reads !== undefined) reads.receive = (bytes) => this.#receive(bytes)
    socket.on('close', () => {
      // A paused socket may still hold bytes when it is destroyed.
      const rest: Buffer | null = socket.readableLength > 0 ? socket.read() : null
      if (rest !== null) reader.data(rest)
      reader.end()
    })
  }

  pause(): void {
    this.#isDirect = false
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  #receive(bytes: Uint8Array): unknown {
    if (!this.#isDirect) {
      const { readableFlowing, readableLength } = this.#socket
      this.#isDirect = readableFlowing === true && readableLength === 0
    }
    return this.#isDirect ? this.#reader.lent(bytes) : this.#socket.push(Buffer.from(bytes))
  }
}
