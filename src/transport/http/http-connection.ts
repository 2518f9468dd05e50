/** A connection for HTTP requests and their responses, one at a time. */
import type net from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Timing, TlsInfo } from '../../shared/event.ts'
import { freeBytes } from '../free-bytes.ts'
import type { OpenSocket } from './connect.ts'
import { tlsInfo } from './tls.ts'

/** Milliseconds for which an idle connection may be used again, unless the server's `Keep-Alive` says otherwise. */
const IDLE = 4000
/** How many milliseconds before the server's own limit the connection is no longer used. */
const IDLE_MARGIN = 2000
/** The memory of smaller chunks is not worth releasing at once. */
const LARGE_CHUNK = 4096

/** Uses a connection for one request and its response. */
export interface ConnectionUser {
  /** Called with the next bytes, which it may overwrite. They are only lent: it copies what it keeps. */
  arrived(bytes: Uint8Array): void
  /** Called when the connection has ended: by the peer, or by `error`. */
  ended(error: Error | undefined): void
}

export class HttpConnection {
  readonly socket: net.Socket
  readonly timing: Timing
  readonly tls: TlsInfo | undefined
  /** Number of requests sent so far. */
  requests = 0
  #user: ConnectionUser | undefined
  #error: Error | undefined
  #over = false
  /** Until when the idle connection may be used again, on the monotonic clock. */
  #idleUntil = Number.POSITIVE_INFINITY

  constructor({ socket, timing, reads }: OpenSocket) {
    this.socket = socket
    this.timing = timing
    this.tls = socket instanceof TLSSocket ? tlsInfo(socket) : undefined
    if (reads === undefined) socket.on('data', (chunk: Buffer) => this.#readChunk(chunk))
    else reads.receive = (bytes) => this.#arrived(bytes)
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

  /** Sends a request. `user` gets what arrives, and how the connection ends, until `release`. */
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

  /** The response is complete. `keepAlive` is its `Keep-Alive` field. */
  release(keepAlive: string | undefined): void {
    this.#user = undefined
    this.#idleUntil = performance.now() + idleTime(keepAlive)
    // The server has already answered a request that is still being sent.
    if (this.socket.writableLength > 0) this.destroy()
    else this.resume()
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    if (this.socket.isPaused()) this.socket.resume()
  }

  /** Closes the connection at once. If `error` is given, a request in progress ends with it. */
  destroy(error?: Error): void {
    const user = this.#user
    this.#user = undefined
    this.#over = true
    this.socket.destroy()
    if (error !== undefined) user?.ended(error)
  }

  #readChunk(chunk: Buffer): void {
    // The slice of a Buffer would not be a copy.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#arrived(bytes)
    if (bytes.length >= LARGE_CHUNK) freeBytes(bytes)
  }

  #arrived(bytes: Uint8Array): void {
    // Without a request, bytes cannot be the response to the next one.
    if (this.#user === undefined) this.destroy()
    else this.#user.arrived(bytes)
  }

  #end(): void {
    if (this.#over) return
    // A paused connection may still hold bytes.
    const rest: Buffer | null = this.socket.readableLength > 0 ? this.socket.read() : null
    if (rest !== null) this.#readChunk(rest)
    const user = this.#user
    this.destroy()
    user?.ended(this.#error)
  }
}

/** Milliseconds for which an idle connection may be used again, by a `Keep-Alive` such as `timeout=5, max=100`. */
function idleTime(keepAlive = ''): number {
  const [, seconds] = /timeout=(\d{1,6})/i.exec(keepAlive) ?? []
  return seconds === undefined ? IDLE : Number(seconds) * 1000 - IDLE_MARGIN
}
