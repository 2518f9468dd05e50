/** The connection under an HTTP/2 session: measures the frames that pass, and takes the content of some streams out of what Node.js gets. */
import type net from 'node:net'
import { Duplex } from 'node:stream'
import type { Clock } from '../../shared/clock.ts'
import { freeBytes } from '../free-bytes.ts'
import type { LentReads } from '../http/lent-reads.ts'
import { FrameDivider } from './frame-divider.ts'
import type { Frame } from './frame-head.ts'
import { FrameScanner } from './frame-scanner.ts'

/** The memory of smaller chunks is not worth releasing at once. */
const LARGE_CHUNK = 4096

export interface FrameWatcher {
  /** As those of a `FrameSink`. */
  mayTake(stream: number): boolean
  takes(stream: number): boolean
  received(frame: Frame, time: number): void
  sent(frame: Frame, time: number): void
  /** `size` bytes of the content of a DATA frame of the peer. */
  content(stream: number, size: number, time: number): void
  /** Content that Node.js does not get. It is only lent. */
  taken(stream: number, bytes: Uint8Array, time: number): void
  /** What has arrived is passed on. */
  passed(): void
}

export class MeasuredSocket extends Duplex {
  readonly #socket: net.Socket
  readonly #clock: Clock
  readonly #watcher: FrameWatcher
  readonly #incoming: FrameDivider
  readonly #outgoing: FrameScanner
  /** Our own frames, which wait until the frame before them is written. */
  #waiting: Uint8Array[] = []
  /** When the latest bytes arrived. */
  #time = 0
  #isFull = false
  /** The first error of the connection. */
  error: Error | undefined
  /** Bytes are being passed on in this moment. */
  isPassing = false

  constructor(socket: net.Socket, reads: LentReads | undefined, clock: Clock, watcher: FrameWatcher) {
    super({ allowHalfOpen: false, emitClose: true })
    this.#socket = socket
    this.#clock = clock
    this.#watcher = watcher
    this.#incoming = new FrameDivider({
      mayTake: (stream) => watcher.mayTake(stream),
      takes: (stream) => watcher.takes(stream),
      frame: (frame) => watcher.received(frame, this.#time),
      content: (stream, size) => watcher.content(stream, size, this.#time),
      taken: (stream, bytes) => watcher.taken(stream, bytes, this.#time),
      pass: (bytes) => this.#pass(bytes),
    })
    this.#outgoing = new FrameScanner((frame) => watcher.sent(frame, clock.now()))
    if (reads === undefined) socket.on('data', (chunk: Buffer) => this.#readChunk(chunk))
    else reads.receive = (bytes) => this.#read(bytes)
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => {
      this.error ??= error
    })
    socket.on('close', () => this.destroy())
  }

  /** Sends a frame besides those of Node.js, as soon as it does not cut one of them. */
  sendFrame(frame: Uint8Array): void {
    this.#waiting.push(frame)
    this.#sendWaiting()
  }

  #sendWaiting(): void {
    if (this.#waiting.length === 0 || !this.#outgoing.isBetweenFrames) return
    if (this.#socket.writable) this.#socket.write(Buffer.concat(this.#waiting))
    this.#waiting = []
  }

  #readChunk(chunk: Buffer): void {
    // The slice of a Buffer would not be a copy.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#read(bytes)
    if (bytes.length >= LARGE_CHUNK) freeBytes(bytes)
  }

  #read(bytes: Uint8Array): void {
    this.#time = this.#clock.now()
    this.isPassing = true
    this.#incoming.push(bytes)
    this.isPassing = false
    this.#watcher.passed()
    if (this.#isFull) this.#socket.pause()
  }

  #pass(bytes: Uint8Array): void {
    if (!this.push(Buffer.from(bytes))) this.#isFull = true
  }

  override _read(): void {
    this.#isFull = false
    if (this.#socket.isPaused()) this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#outgoing.push(chunk)
    this.#socket.write(chunk, (error) => done(error))
    this.#sendWaiting()
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer' as BufferEncoding, done)
  }

  override _final(done: () => void): void {
    this.#socket.end(() => done())
  }

  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    // Its sessions read the error of the connection from `error`.
    done()
  }
}
