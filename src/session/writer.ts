/** Streams a session as it happens: to a file, or to standard output. */
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { type BatchSink, batchedEvent, type MessageBatch } from '../shared/message-batch.ts'
import { formatBatch, formatHeader, formatLine, formatPieces, PIECE_SIZE } from './line.ts'
import { type MaskOptions, maskingOf, masksPayloads, type PayloadMasking } from './payload-masks.ts'
import { redactEvent } from './redact.ts'

export interface SessionWriterOptions extends Pick<MaskOptions, 'reveal' | 'mask'> {
  readonly startedAt: Date
  /** Name and version of the program. */
  readonly generator: string
  /** Whether `close` ends the stream (a file's) or leaves it open (standard output). */
  readonly endStream: boolean
  /** Told once when the stream fails; what is appended afterwards goes nowhere. */
  readonly onFailure?: (failure: Failure) => void
  /** What is missing from the capture this is written from. */
  readonly dropped?: { readonly events?: number; readonly payloads?: number }
}

/** Characters gathered before they go to the stream without waiting for the end of the tick. */
const BATCH_LENGTH = 64 * 1024
/** Characters held while the stream is busy, beyond which the sink is full. */
const FULL_LENGTH = 1024 * 1024

export class SessionWriter implements BatchSink {
  /** Names of the secrets hidden so far. */
  readonly masked = new Set<string>()
  /** Events written or about to be. */
  count = 0
  readonly #stream: Writable
  readonly #options: SessionWriterOptions
  readonly #masking: PayloadMasking
  #batch = ''
  #busy = false
  #scheduled = false
  #failure: Failure | undefined
  #waiting: (() => void)[] = []
  /** Ends a `close` under way when the stream fails. */
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

  /** The stream failed; `close` says how. */
  get failed(): boolean {
    return this.#failure !== undefined
  }

  append(event: RealtimeEvent): boolean {
    if (this.#failure !== undefined) return true
    this.count++
    const redacted = redactEvent(event, this.#masking)
    if ('payload' in redacted && redacted.payload.length > PIECE_SIZE) {
      for (const piece of formatPieces(redacted)) this.#add(piece)
      this.#add('\n')
    } else {
      this.#add(`${formatLine(redacted)}\n`)
    }
    return !this.#full
  }

  appendBatch(connection: number, batch: MessageBatch): boolean {
    if (this.#failure !== undefined) return true
    if (masksPayloads(this.#masking)) {
      for (let index = 0; index < batch.count; index++)
        this.append({ ...batchedEvent(batch, index), connection })
      return !this.#full
    }
    this.count += batch.count
    this.#add(formatBatch(connection, batch))
    return !this.#full
  }

  onWritable(callback: () => void): void {
    if (this.#full) this.#waiting.push(callback)
    else queueMicrotask(callback)
  }

  /** Writes what is left; resolves once the stream has all of it, a file's flushed and closed. Rejects with a `Failure`. */
  async close(): Promise<void> {
    if (this.#failure === undefined) {
      const rest = this.#batch
      this.#batch = ''
      if (this.#options.endStream) await this.#end(rest)
      else await this.#writeLast(rest)
    }
    this.#stream.off('drain', this.#onDrain)
    if (this.#failure !== undefined) throw this.#failure
    this.#stream.off('error', this.#onError)
  }

  async #end(rest: string): Promise<void> {
    this.#stream.end(rest)
    // A duplex stream need not be read to its end.
    await finished(this.#stream, { readable: false }).catch(this.#onError)
  }

  #writeLast(rest: string): Promise<void> {
    return new Promise((resolve) => {
      this.#failed = resolve
      this.#stream.write(rest, (error) => {
        if (error) this.#onError(error)
        resolve()
      })
    })
  }

  get #full(): boolean {
    return this.#failure === undefined && this.#busy && this.#batch.length >= FULL_LENGTH
  }

  #add(text: string): void {
    this.#batch += text
    if (this.#batch.length >= BATCH_LENGTH) this.#flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(() => {
        this.#scheduled = false
        this.#flush()
      })
    }
  }

  #flush(): void {
    if (this.#busy || this.#batch === '' || this.#failure !== undefined) return
    const batch = Buffer.from(this.#batch)
    this.#batch = ''
    this.#busy = !this.#stream.write(batch)
  }

  readonly #onDrain = (): void => {
    this.#busy = false
    this.#flush()
    this.#release()
  }

  readonly #onError = (error: NodeJS.ErrnoException): void => {
    if (this.#failure !== undefined) return
    this.#failure = new Failure(error.code ?? 'WRITE', describeWriteError(error))
    this.#batch = ''
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

/** A sentence for an error of the file system. */
export function describeWriteError(error: NodeJS.ErrnoException, path = error.path): string {
  const where = path ?? 'the session'
  switch (error.code) {
    case 'ENOSPC':
      return `The disk is full, so ${where} could not be written; free some space and save again.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `There is no permission to write ${where}; choose another place.`
    case 'ENOENT':
      return `The folder of ${where} does not exist; create it or choose another place.`
    case 'EISDIR':
      return `${where} is a folder; name a file in it.`
    default:
      return `Writing ${where} failed: ${error.message}. Check the disk and try again.`
  }
}
