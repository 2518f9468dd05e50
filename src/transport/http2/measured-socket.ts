/** The connection under an HTTP/2 session: passes bytes on as they are, and measures the frames in them. */
import type net from 'node:net'
import { Duplex } from 'node:stream'
import type { Clock } from '../../shared/clock.ts'
import { type Frame, FrameScanner } from './frame-scanner.ts'

/** Length of `PRI * HTTP/2.0…` (RFC 9113 section 3.4). */
const PREFACE = 24

export interface FrameWatcher {
  received(frame: Frame, time: number): void
  sent(frame: Frame, time: number): void
  /** `size` bytes of the content of a DATA frame of the peer. */
  content(stream: number, size: number, time: number): void
  /** What has arrived is passed on. */
  passed(): void
}

export class MeasuredSocket extends Duplex {
  readonly #socket: net.Socket
  /** The first error of the connection. */
  error: Error | undefined
  /** Bytes are being passed on in this moment. */
  isPassing = false

  constructor(socket: net.Socket, clock: Clock, watcher: FrameWatcher) {
    super({ allowHalfOpen: false, emitClose: true })
    this.#socket = socket
    let time = 0
    const incoming = new FrameScanner({
      frame: (frame) => watcher.received(frame, time),
      content: (stream, size) => watcher.content(stream, size, time),
    })
    this.#outgoing = new FrameScanner(
      { frame: (frame) => watcher.sent(frame, clock.now()), content: () => {} },
      PREFACE,
    )
    socket.on('data', (chunk: Buffer) => {
      time = clock.now()
      incoming.push(chunk)
      this.isPassing = true
      if (!this.push(chunk)) socket.pause()
      this.isPassing = false
      watcher.passed()
    })
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => {
      this.error ??= error
    })
    socket.on('close', () => this.destroy())
  }

  readonly #outgoing: FrameScanner

  override _read(): void {
    if (this.#socket.isPaused()) this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#outgoing.push(chunk)
    this.#socket.write(chunk, (error) => done(error))
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const bytes = Buffer.concat(chunks.map(({ chunk }) => chunk))
    this.#outgoing.push(bytes)
    this.#socket.write(bytes, (error) => done(error))
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
