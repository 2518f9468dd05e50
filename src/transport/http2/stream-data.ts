/**
 * The content of a stream's DATA frames. It is taken from Node.js before it waits in the buffer of the stream, because Node.js drops that
 * buffer if the stream is reset, and content that arrived together is delivered at once. If its length is not announced, Node.js does not
 * even get it, which costs much less.
 */
import type { ClientHttp2Stream } from 'node:http2'
import { type FlowCredit, STREAM_WINDOW } from './flow-credit.ts'
import type { DataTaker, Http2Session } from './session.ts'
import type { StreamLog } from './stream-log.ts'

/** Smaller chunks are joined, which costs less than delivering each. */
const LARGE_CHUNK = 4096

type Deliver = (bytes: Uint8Array, time: number) => void

export class StreamData implements DataTaker {
  readonly #stream: ClientHttp2Stream
  readonly #log: StreamLog
  readonly #session: Http2Session
  readonly #unwatch: () => void
  #deliver: Deliver | undefined
  /** Set if Node.js does not get the content. */
  #credit: FlowCredit | undefined
  /** What waits: for the head of the response, or for the end of the bytes that the session passes on in this moment. */
  #chunks: Buffer[] = []
  #size = 0
  /** Length of the content that was delivered. */
  #delivered = 0
  #isPaused = false
  #isStopped = false

  constructor(stream: ClientHttp2Stream, log: StreamLog, session: Http2Session) {
    this.#stream = stream
    this.#log = log
    this.#session = session
    this.#unwatch = session.watchPasses(() => this.flush())
    stream.once('close', this.#unwatch)
    const end = stream.push.bind(stream)
    stream.push = (chunk: Buffer | null) => {
      if (chunk === null) return end(null)
      this.#receive(chunk)
      // If not, Node.js stops reading: the peer can send as much as its flow-control window allows.
      return !this.#isPaused
    }
    stream.resume()
  }

  /**
   * Delivers content from now on, beginning with what waits. It is only lent. `hasLength`: its length is announced. Node.js compares that
   * with what it gets.
   */
  deliverTo(deliver: Deliver, hasLength: boolean): void {
    this.#deliver = deliver
    this.flush()
    const { id } = this.#stream
    if (hasLength || id === undefined || this.#stream.destroyed) return
    this.#credit = this.#session.divert(id, this)
    if (this.#isPaused) this.#credit.hold()
  }

  /** Delivers what waits, if that is wanted yet. */
  flush(): void {
    if (this.#size === 0 || this.#deliver === undefined) return
    const [only] = this.#chunks
    const bytes =
      this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks, this.#size)
    this.#chunks = []
    this.#size = 0
    this.#delivered += bytes.length
    // A view, since the slice of a Buffer would not be a copy.
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#deliver(view, this.#log.arrivalOf(this.#delivered))
  }

  pause(): void {
    this.#isPaused = true
    this.#credit?.hold()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#credit?.release()
    if (!this.#stream.destroyed) this.#stream._read(0)
  }

  /** Drops what waits, and what still comes. */
  stop(): void {
    this.#unwatch()
    this.#isStopped = true
    this.#chunks = []
    this.#size = 0
  }

  // For `Http2Session`.

  get isReady(): boolean {
    // Not while content before it is on the way through Node.js.
    return !this.#isStopped && this.#log.bodyLength === this.#delivered + this.#size
  }

  take(bytes: Uint8Array, time: number): void {
    if (this.#isStopped) return
    this.flush()
    this.#delivered += bytes.length
    this.#deliver?.(bytes, time)
    this.#credit?.add(bytes.length)
    if ((this.#credit?.owed ?? 0) > STREAM_WINDOW) this.#session.refuseFlow()
  }

  #receive(chunk: Buffer): void {
    if (this.#isStopped) return
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (chunk.length >= LARGE_CHUNK || !this.#session.isPassing) this.flush()
  }
}
