/** Saves a session as a series of files, and keeps the newest. Each file is a whole session file. */
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { ConnectionStarts } from '../../engine/connection-starts.ts'
import { SessionWriter, type SessionWriterOptions } from '../../session/session-writer.ts'
import { endWithLine } from '../../session/whole-file.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { type BatchSink, batchedEvent, type MessageBatch } from '../../shared/message-batch.ts'
import type { Rotation } from './rotation.ts'

/** Files that are completed at a time. With more, writing waits. */
const MAX_UNFINISHED = 8
/** The file could not be created: there is one, or its folder is gone. */
const NOT_OURS: ReadonlySet<string> = new Set(['EEXIST', 'ENOENT'])

export interface RotatedFilesOptions {
  /** The name that the user gave: `app.rtsession` becomes `app-20261201T032000Z-0001.rtsession`. */
  readonly path: string
  readonly rotation: Rotation
  /** Of new files. */
  readonly mode: number
  readonly writer: Omit<SessionWriterOptions, 'endStream' | 'target'>
  /** Milliseconds of a clock that does not go back. */
  readonly now?: () => number
}

interface CurrentFile {
  readonly path: string
  readonly writer: SessionWriter
  readonly began: number
  /** Bytes of its first lines, which are those of the session and of how connections started. */
  head: number
}

export class RotatedFiles implements BatchSink {
  readonly #options: RotatedFilesOptions
  readonly #now: () => number
  readonly #starts = new ConnectionStarts()
  /** Connections that ended, unless they reconnect. Their starts are forgotten with the next file. */
  readonly #ended = new Set<number>()
  /** Oldest first, without the current one. */
  #kept: string[] = []
  /** Settles when earlier files are complete, and those beyond the limit are removed. */
  #finished: Promise<void> = Promise.resolve()
  /** Files that are being completed. */
  #unfinished = 0
  #count = 0
  readonly #masked = new Set<string>()
  #file: CurrentFile

  constructor(options: RotatedFilesOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#file = this.#next()
  }

  /** Names of the secrets masked in any of the files. */
  get masked(): ReadonlySet<string> {
    return new Set([...this.#masked, ...this.#file.writer.masked])
  }

  append(event: RealtimeEvent): boolean {
    const ends = this.#ends(event)
    if ('connection' in event && !ends) this.#ended.delete(event.connection)
    if (this.#isFull) this.#rotate()
    this.#note(event)
    if (ends && 'connection' in event) this.#ended.add(event.connection)
    return this.#file.writer.append(event) && this.#unfinished < MAX_UNFINISHED
  }

  appendBatch(connection: number, batch: MessageBatch): boolean {
    let hasRoom = true
    for (let index = 0; index < batch.count; index++)
      hasRoom = this.append({ ...batchedEvent(batch, index), connection })
    return hasRoom
  }

  onWritable(callback: () => void): void {
    if (this.#unfinished < MAX_UNFINISHED) this.#file.writer.onWritable(callback)
    else void this.#finished.then(callback, callback)
  }

  /** Completes the files. Rejects with a `Failure`. */
  async close(): Promise<void> {
    this.#finish(this.#file)
    await this.#finished
  }

  get #isFull(): boolean {
    const { size = Number.POSITIVE_INFINITY, time = Number.POSITIVE_INFINITY } = this.#options.rotation
    const { writer, head } = this.#file
    return writer.size - head >= size || this.#now() - this.#file.began >= time
  }

  /** Whether nothing may come after the event on its connection: it closed, or an attempt failed before it opened. */
  #ends(event: RealtimeEvent): boolean {
    if (event.type === 'close') return true
    return event.type === 'error' && this.#starts.of(event.connection).open === undefined
  }

  #note(event: RealtimeEvent): void {
    this.#starts.note(event)
    // A program that is recorded may open a connection again whose start is forgotten.
    if (event.type === 'connect' && this.#starts.of(event.connection).connect === undefined)
      this.#starts.remember(event.connection, { connect: event })
  }

  /** Begins the next file with how the connections started that may go on, so that it can be understood without the others. */
  #rotate(): void {
    this.#finish(this.#file)
    for (const connection of this.#ended) this.#starts.forget(connection)
    this.#ended.clear()
    this.#file = this.#next()
    for (const connection of this.#starts.connections())
      for (const event of this.#starts.eventsOf(connection)) this.#file.writer.append(event)
    // If there are many connections, this alone may exceed the size, and each event would begin a file.
    this.#file.head = this.#file.writer.size
  }

  #next(): CurrentFile {
    const file = nameOf(this.#options.path, new Date(), ++this.#count)
    const stream = createWriteStream(file, { flags: 'wx', mode: this.#options.mode, flush: true })
    const writer = new SessionWriter(stream, { ...this.#options.writer, endStream: true, target: file })
    return { path: file, writer, began: this.#now(), head: 0 }
  }

  #finish({ path: file, writer }: CurrentFile): void {
    for (const name of writer.masked) this.#masked.add(name)
    this.#kept.push(file)
    const gone = this.#kept.splice(0, Math.max(0, this.#kept.length - this.#options.rotation.keep))
    const closed = writer.close().catch(async (thrown) => {
      // What is not ours stays as it is.
      if (!(thrown instanceof Failure && NOT_OURS.has(thrown.code))) await endWithLine(file)
      throw thrown
    })
    this.#unfinished++
    this.#finished = Promise.allSettled([this.#finished, closed]).then(async (settled) => {
      this.#unfinished--
      // One that another program has open is removed with the next file.
      for (const each of gone) await rm(each, { force: true }).catch(() => this.#kept.unshift(each))
      for (const each of settled) if (each.status === 'rejected') throw each.reason
    })
    // `close` reports it; the writer has told `onFailure`.
    this.#finished.catch(() => {})
  }
}

/** The name of a file of the series. Names sort by time, and have no colons, which Windows does not allow. */
function nameOf(file: string, at: Date, count: number): string {
  const { dir, name, ext } = path.parse(file)
  const time = at.toISOString().replace(/\.\d+|[:-]/g, '')
  return path.join(dir, `${name}-${time}-${String(count).padStart(4, '0')}${ext}`)
}
