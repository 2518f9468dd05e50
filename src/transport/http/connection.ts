/** A connection that HTTP requests are written to and responses are read from, one at a time. */
import type net from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Timing, TlsInfo } from '../../shared/event.ts'
import { freeBytes } from '../free-bytes.ts'
import { tlsInfo } from './tls.ts'

/** Milliseconds that an idle connection is used again for, unless the server says so. */
const IDLE = 4000
/** How long before the server's own limit it is not used any more. */
const IDLE_MARGIN = 2000
/** Memory of smaller chunks is not worth giving back at once. */
const LARGE_CHUNK = 4096

/** Who uses a connection for a request and its response. */
export interface ConnectionUser {
  /** Bytes came; true if nothing of them is needed any more. They may be written into. */
  arrived(bytes: Uint8Array): boolean
  /** The connection is over: ended by the peer, or broken by `error`. */
  ended(error: Error | undefined): void
}

export class HttpConnection {
  readonly socket: net.Socket
  readonly timing: Timing
  readonly tls: TlsInfo | undefined
  /** Requests written to it so far. */
  requests = 0
  #user: ConnectionUser | undefined
  #error: Error | undefined
  #over = false
  /** When it may not be used again any more, on the monotonic clock. */
  #idleUntil = Number.POSITIVE_INFINITY

  constructor(socket: net.Socket, timing: Timing) {
    this.socket = socket
    this.timing = timing
    this.tls = socket instanceof TLSSocket ? tlsInfo(socket) : undefined
    socket.on('data', (chunk: Buffer) => this.#arrived(chunk))
    socket.on('end', () => this.#end())
    socket.on('error', (error) => {
      this.#error = error
    })
    socket.on('close', () => this.#end())
  }

  /** Whether a request can be sent now. */
  get isFree(): boolean {
    return this.#user === undefined && !this.#over && performance.now() < this.#idleUntil
  }

  /** Writes a request; what arrives and how the connection ends is told to `user` until `release`. */
  use(user: ConnectionUser, head: string, body: Uint8Array | undefined): void {
    this.#user = user
    this.requests++
    if (body === undefined || body.length === 0) {
      this.socket.write(head, 'latin1')
      return
    }
    this.socket.cork()
    this.socket.write(head, 'latin1')
    this.socket.write(body)
    this.socket.uncork()
  }

  /** The response is over; `keepAlive` is the server's `Keep-Alive` field. */
  release(keepAlive: string | undefined): void {
    this.#user = undefined
    this.#idleUntil = performance.now() + idleTime(keepAlive)
    // A request that is still being sent, and a server that has answered it already.
    if (this.socket.writableLength > 0) this.destroy()
    else this.resume()
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    if (this.socket.isPaused()) this.socket.resume()
  }

  /** Closes it at once; a request under way ends with `error`, if that is given. */
  destroy(error?: Error): void {
    const user = this.#user
    this.#user = undefined
    this.#over = true
    this.socket.destroy()
    if (error !== undefined) user?.ended(error)
  }

  #arrived(chunk: Buffer): void {
    // Nothing was asked for: what comes cannot be an answer to what is asked next.
    if (this.#user === undefined) {
      this.destroy()
      return
    }
    // Of a Buffer a slice would be no copy.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (this.#user.arrived(bytes) && bytes.length >= LARGE_CHUNK) freeBytes(bytes)
  }

  #end(): void {
    if (this.#over) return
    // What a paused connection had read when it broke.
    const rest: Buffer | null = this.socket.readableLength > 0 ? this.socket.read() : null
    if (rest !== null) this.#arrived(rest)
    const user = this.#user
    this.destroy()
    user?.ended(this.#error)
  }
}

/** How long an idle connection may be used again, in milliseconds, by a `Keep-Alive` such as `timeout=5, max=100`. */
function idleTime(keepAlive = ''): number {
  const [, seconds] = /timeout=(\d{1,6})/i.exec(keepAlive) ?? []
  return seconds === undefined ? IDLE : Number(seconds) * 1000 - IDLE_MARGIN
}
