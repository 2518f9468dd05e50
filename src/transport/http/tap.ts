import type net from 'node:net'

/** What a readable stream is to itself. */
interface Inside {
  push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean
  _read(size: number): void
}

export interface Tap {
  /**
   * Called with every chunk in the call by which the socket's handle delivers it, before anything is buffered or
   * parsed; returns what the socket's readers are to get of it.
   */
  arrived(bytes: Uint8Array): Uint8Array
  /** No more is to be read from the connection for now. */
  isPaused(): boolean
}

export interface TappedSocket {
  /** Gives the socket's readers bytes that did not arrive just now. */
  feed(bytes: Uint8Array): void
  /** Reads on after `isPaused` was true. */
  resume(): void
}

/**
 * Overrides `push` on this one instance: the only place that still knows when something arrived; and `_read`, by
 * which its readers would have it read on.
 */
export function tapSocket(socket: net.Socket, tap: Tap): TappedSocket {
  const inside = socket as unknown as Inside
  const { push, _read: read } = inside
  inside.push = (chunk, encoding) => {
    if (chunk === null) return push.call(socket, chunk, encoding)
    const rest = tap.arrived(chunk)
    const isWanted = rest.length === 0 || push.call(socket, rest, encoding)
    return isWanted && !tap.isPaused()
  }
  inside._read = (size) => {
    if (!tap.isPaused()) read.call(socket, size)
  }
  return {
    feed: (bytes) => void push.call(socket, bytes),
    resume: () => read.call(socket, 0),
  }
}
