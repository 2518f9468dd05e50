/** A stream of HTTP/2 whose head is exchanged, as a duplex stream of bytes, like a socket. */
import { Duplex } from 'node:stream'
import type { Failure } from '../../shared/failure.ts'
import { LentReads } from '../http/lent-reads.ts'
import type { StreamMeter } from './stream-meter.ts'
import type { StreamRequest } from './stream-request.ts'

/** How a stream ends. It may be cut without a reason. */
export type StreamEnd = 'in order' | { readonly failure: Failure | undefined }

type Done = (error?: Error | null) => void

export class StreamSocket extends Duplex {
  /** What is read, which then need not come as `data` events. */
  readonly reads = new LentReads()
  readonly #request: StreamRequest
  readonly #meter: StreamMeter
  #hasEnded = false
  #isUsed = false
  #end: StreamEnd | undefined

  /**
   * Create it in the moment the head of the response arrives. `hasLength`: it announces the length of a body. Its owner calls `ended` and
   * `over`.
   */
  constructor(request: StreamRequest, meter: StreamMeter, hasLength: boolean) {
    super({ allowHalfOpen: true, autoDestroy: true, emitClose: true })
    this.#request = request
    this.#meter = meter
    this.reads.emitOn(this)
    // Its reader may listen later.
    this.on('error', () => {})
    request.data?.deliverTo((bytes, time) => {
      meter.arrived(bytes.length, time)
      if (this.reads.receive(bytes) === false) request.data?.pause()
    }, hasLength)
  }

  /** The peer sends no more. */
  ended(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#request.data?.flush()
    this.push(null)
  }

  /** The stream is over. */
  over(end: StreamEnd): void {
    this.#end = end
    if (this.#isUsed) this.#close(end)
  }

  /** Starts to deliver to the reader. The reader learns how the stream ends, even if it has already ended. */
  use(): void {
    this.#isUsed = true
    if (this.#end !== undefined) this.#close(this.#end)
  }

  #close(end: StreamEnd): void {
    this.#request.data?.flush()
    if (end !== 'in order') {
      this.destroy(end.failure)
      return
    }
    // What was read is still to be delivered. Nothing can be written any more.
    if (this.readableEnded) this.destroy()
    else this.once('end', () => this.destroy())
    this.ended()
  }

  override _read(): void {
    this.#request.data?.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#writeAll([chunk], done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.#writeAll(
      chunks.map(({ chunk }) => chunk),
      done,
    )
  }

  override _final(done: () => void): void {
    const { stream } = this.#request
    if (stream === undefined || stream.destroyed) done()
    else stream.end(done)
  }

  override _destroy(error: Error | null, done: Done): void {
    const { stream } = this.#request
    this.#meter.end()
    // If both sides have ended it, it closes in order.
    if (this.#hasEnded && this.writableFinished && stream !== undefined && !stream.destroyed)
      stream.once('close', () => done(error))
    else {
      this.#request.cancel()
      done(error)
    }
  }

  /** Writes chunks together, so that one frame can hold them. If that fails, the stream is over, and `over` is called. */
  #writeAll(chunks: readonly Buffer[], done: Done): void {
    const { stream } = this.#request
    if (stream === undefined || stream.destroyed) return
    stream.cork()
    for (const [index, chunk] of chunks.entries())
      stream.write(chunk, (error) => {
        if (!error && index === chunks.length - 1) done()
      })
    stream.uncork()
  }
}
