/** Writes a session as a stream: to a file, or to standard output. */
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { type BatchSink, batchedEvent, type MessageBatch } from '../shared/message-batch.ts'
import { Backlog } from './backlog.ts'
import { addLine, formatBatch, formatHeader, formatLine, formatPieces, PIECE_SIZE } from './line.ts'
import { type MaskOptions, maskingOf, masksPayloads, type PayloadMasking } from './payload-masks.ts'
import { redactEvent } from './redact.ts'
import { describeWriteError } from './write-error.ts'

export interface SessionWriterOptions extends Pick<MaskOptions, 'reveal' | 'mask' | 'secrets'> {
  readonly startedAt: Date
  /** Name and version of the program. */
  readonly generator: string
  /** Whether `close` ends the stream (a file's) or leaves it open (standard output). */
  readonly endStream: boolean
  /** What the stream writes to, for error messages: a path or a name. */
  readonly target?: string
  /** Called once when the stream fails. Later events are discarded. */
  readonly onFailure?: (failure: Failure) => void
  /** What the capture has dropped already. */
  readonly dropped?: { readonly events?: number; readonly payloads?: number }
  /** The JSON of the field `decoded`, for an event and the same event without its secrets. */
  readonly decoded?: (event: RealtimeEvent, redacted: RealtimeEvent) => string | undefined
}

/** Characters that are written without waiting for the next turn of the event loop. */
const BATCH_LENGTH = 64 * 1024
/** About as many bytes as a line has besides its payload. */
const LINE_SIZE = 256
const NEWLINE = ['\n']
/** Characters buffered while the stream is busy, above which the sink is full. */
const FULL_LENGTH = 1024 * 1024

export class SessionWriter implements BatchSink {
  /** Names of the secrets masked so far. */
  readonly masked = new Set<string>()
  /** Events written or buffered. */
  count = 0
  #written = 0
  readonly #stream: Writable
  readonly #options: SessionWriterOptions
  readonly #masking: PayloadMasking
  readonly #backlog = new Backlog()
  #busy = false
  #scheduled = false
  #failure: Failure | undefined
  #waiting: (() => void)[] = []
  /** Settles a pending `close` when the stream fails. */
  #failed = (): void => {}

  /** Writes the header at once. Throws a `Failure` `BAD_MASK`. */
  constructor(stream: Writable, options: SessionWriterOptions) {
    this.#masking = maskingOf({ ...options, masked: this.masked })
    this.#stream = stream
    this.#options = options
    stream.on('error', this.#onError)
    stream.on('drain', this.#onDrain)
    this.#add(`${formatHeader(options.startedAt, options.generator, options.dropped)}\n`)
  }

  /** Bytes written or buffered; what is buffered is counted in characters. */
  get size(): number {
    return this.#written + this.#backlog.size
  }

  /** Whether the stream failed. `close` rejects with the reason. */
  get failed(): boolean {
    return this.#failure !== undefined
  }

  append(event: RealtimeEvent): boolean {
    if (this.#failure !== undefined) return true
    this.count++
    const redacted = redactEvent(event, this.#masking)
    const decoded = this.#options.decoded?.(event, redacted)
    const more = decoded === undefined ? '' : `,"decoded":${decoded}`
    if ('payload' in redacted && redacted.payload.length > PIECE_SIZE) {
      const { length } = redacted.payload
      this.#backlog.addPieces(
        formatPieces({ ...redacted, payload: new Uint8Array(redacted.payload) }, more),
        length + more.length,
      )
      this.#backlog.addPieces(NEWLINE, 1)
      this.#schedule()
    } else if (more === '') {
      this.#backlog.write(sizeOf(redacted), (into) => addLine(into, redacted))
      this.#flushOrWait()
    } else this.#add(`${formatLine(redacted).slice(0, -1)}${more}}\n`)
    return !this.#full
  }

  appendBatch(connection: number, batch: MessageBatch): boolean {
    if (this.#failure !== undefined) return true
    if (!this.copiesLines) {
      for (let index = 0; index < batch.count; index++)
        this.append({ ...batchedEvent(batch, index), connection })
      return !this.#full
    }
    this.count += batch.count
    this.#add(formatBatch(connection, batch))
    return !this.#full
  }

  /** Whether nothing in the lines of payloads changes, so that they can be copied. */
  get copiesLines(): boolean {
    return !masksPayloads(this.#masking) && this.#options.decoded === undefined
  }

  /** As `append`, for `count` lines that `append` would write with the same bytes. Copies them. Only if `copiesLines`. */
  appendLines(lines: Uint8Array, count: number): boolean {
    if (this.#failure !== undefined) return true
    this.count += count
    this.#backlog.addBytes(lines)
    this.#flushOrWait()
    return !this.#full
  }

  onWritable(callback: () => void): void {
    if (this.#full) this.#waiting.push(callback)
    else queueMicrotask(callback)
  }

  /** Writes what is buffered, and flushes and closes a file. Rejects with a `Failure`. */
  async close(): Promise<void> {
    while (this.#failure === undefined && this.#backlog.size > 0) {
      this.#flush()
      if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    if (this.#failure === undefined) {
      if (this.#options.endStream) await this.#end()
      else await this.#allWritten()
    }
    this.#stream.off('drain', this.#onDrain)
    if (this.#failure !== undefined) throw this.#failure
    this.#stream.off('error', this.#onError)
  }

  async #end(): Promise<void> {
    this.#stream.end()
    // A duplex stream does not have to be read to its end.
    await finished(this.#stream, { readable: false }).catch(this.#onError)
  }

  #allWritten(): Promise<void> {
    return new Promise((resolve) => {
      this.#failed = resolve
      this.#stream.write('', (error) => {
        if (error) this.#onError(error)
        resolve()
      })
    })
  }

  get #full(): boolean {
    return this.#failure === undefined && this.#busy && this.#backlog.size >= FULL_LENGTH
  }

  #add(text: string): void {
    this.#backlog.add(text)
    this.#flushOrWait()
  }

  #flushOrWait(): void {
    if (this.#backlog.size >= BATCH_LENGTH) this.#flush()
    else this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    while (!this.#busy && this.#failure === undefined) {
      const next = this.#backlog.take()
      if (next === undefined) return
      const bytes = typeof next === 'string' ? Buffer.from(next) : next
      this.#written += bytes.length
      this.#busy = !this.#stream.write(bytes)
    }
  }

  readonly #onDrain = (): void => {
    this.#busy = false
    this.#flush()
    this.#release()
  }

  readonly #onError = (error: NodeJS.ErrnoException): void => {
    if (this.#failure !== undefined) return
    this.#failure = new Failure(error.code ?? 'WRITE', describeWriteError(error, this.#options.target))
    this.#backlog.clear()
    this.#busy = false
    this.#release()
    this.#failed()
    this.#options.onFailure?.(this.#failure)
  }

  #release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const callback of waiting) callback()
  }
}

/** About as many bytes as the line of the event has. */
function sizeOf(event: RealtimeEvent): number {
  return LINE_SIZE + ('payload' in event ? event.payload.length : 0)
}
