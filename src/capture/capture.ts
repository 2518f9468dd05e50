/**
 * The append-only log of a session: columns of every event in memory, payloads on disk with the newest also in memory.
 * Everything older than a tenth of a second is on disk, so a crash loses no more than that.
 */
import type { Clock } from '../shared/clock.ts'
import { type ColumnBatch, hasPayload } from '../shared/columns.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure, sentenceOf } from '../shared/failure.ts'
import { type BatchSink, batchedEvent, type MessageBatch } from '../shared/message-batch.ts'
import { decode, Encoder, encodeBatch } from './codec.ts'
import { EventNameFile } from './disk/event-name-file.ts'
import { removeCapture } from './disk/files.ts'
import { type CaptureHead, makeFolder, readHead, writeHead } from './disk/head.ts'
import { DiskHealth, type HealthOptions } from './disk/health.ts'
import { Records } from './disk/records.ts'
import { RowLog } from './disk/row-log.ts'
import { EventNames } from './event-names.ts'
import { KeptPayloads } from './kept-payloads.ts'
import { type Dropped, type Log, type ReadOptions, readEvents } from './recording.ts'
import { FLAG, type Row, Rows } from './rows.ts'
import { type Prefiltered, prefilter } from './search/prefilter.ts'
import { spoolSource } from './search/spool-source.ts'

export interface CaptureLimits extends HealthOptions {
  /** Bytes of payloads kept in memory. Default 64 MiB. */
  readonly memoryLimit?: number
  /** Bytes of payloads kept on disk; the oldest are dropped above this limit. Default 2 GiB. */
  readonly spoolLimit?: number
  /** Events kept, 32 bytes of memory each; the oldest are dropped above this limit. Default 10 million. */
  readonly maxEvents?: number
}

export interface CaptureOptions extends CaptureLimits {
  /** The capture's own folder: private to the user, and removed by `close`. */
  readonly directory: string
  readonly clock: Pick<Clock, 'startedAt'>
}

const DEFAULT_MEMORY_LIMIT = 64 * 1024 * 1024
const DEFAULT_SPOOL_LIMIT = 2 * 1024 * 1024 * 1024
const DEFAULT_MAX_EVENTS = 10_000_000
/** Milliseconds after which an event is written to disk. */
const FLUSH_DELAY = 100

export class Capture implements BatchSink, Log {
  readonly directory: string
  #startedAt: Date
  readonly #limits: CaptureLimits
  readonly #records: Records
  #rows = new Rows()
  #rowLog: RowLog
  #eventNames = new EventNames()
  #encoder = new Encoder(this.#eventNames)
  readonly #eventNameFile: EventNameFile
  #payloads = new KeptPayloads()
  readonly #disk: DiskHealth
  #generation = 0
  #saved = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  /** Creates the folder. Throws a `Failure` if it cannot be created. */
  constructor(options: CaptureOptions, left?: CaptureHead) {
    const reopen = left !== undefined
    this.#saved = left?.saved ?? 0
    this.directory = options.directory
    this.#startedAt = options.clock.startedAt
    this.#limits = options
    const { memoryLimit = DEFAULT_MEMORY_LIMIT, spoolLimit = DEFAULT_SPOOL_LIMIT } = options
    const { directory } = options
    this.#disk = new DiskHealth(options)
    const callbacks = {
      onError: (error: unknown) => this.#fail(error),
      onReadError: (error: unknown) => this.#disk.failToRead(error),
      onLost: (events: number) => this.#payloads.lose(events),
    }
    try {
      if (!reopen) makeFolder(directory, this.startedAt)
      this.#eventNameFile = reopen
        ? EventNameFile.reopen(directory, this.#eventNames)
        : EventNameFile.create(directory)
      this.#records = new Records({ directory, memoryLimit, spoolLimit, reopen, ...callbacks })
      if (reopen) this.#rowLog = this.#reload()
      else this.#rowLog = new RowLog(directory)
    } catch (error) {
      throw new Failure(
        'SPOOL',
        `The folder for temporary capture files could not be used (${sentenceOf(error)}); check that ${directory} can be written.`,
      )
    }
  }

  /**
   * Opens the capture that a process left in a folder when it ended without `close`, up to the last events it wrote; a
   * torn end is cut off. The capture can be read and appended to. Throws a `Failure` if the folder holds no capture.
   */
  static recover(directory: string, limits: CaptureLimits = {}): Capture {
    const head = readHead(directory)
    if (head === undefined)
      throw new Failure('NOT_A_CAPTURE', `${directory} does not hold a capture that can be recovered.`)
    const clock = { startedAt: new Date(head.startedAt) }
    return new Capture({ ...limits, directory, clock }, head)
  }

  /** When the session started; event times count from then. */
  get startedAt(): Date {
    return this.#startedAt
  }

  /** Number of events ever appended; they are numbered from 0. */
  get count(): number {
    return this.#rows.count
  }

  /** Number of the oldest event kept. */
  get firstKept(): number {
    return this.#rows.firstKept
  }

  /** Number of the oldest event that still has its payload, or never had one. */
  get firstPayload(): number {
    return this.#payloads.first
  }

  /** Events, and payloads that were not kept or were dropped while their events were still listed. */
  get dropped(): Dropped {
    return { events: this.firstKept, payloads: this.#payloads.dropped }
  }

  /** Payloads among them that were lost because the disk was failing. */
  get lostPayloads(): number {
    return this.#payloads.lost
  }

  /** Why writing to the disk fails now; undefined if it works. */
  get failure(): Failure | undefined {
    return this.#disk.failure
  }

  /** Bytes of payloads and details kept, mostly on disk. */
  get spoolBytes(): number {
    return this.#records.bytes
  }

  /** Event names by index; index 0 is the empty name. */
  get eventNames(): readonly string[] {
    return this.#eventNames.list
  }

  /** Changes with every `clear`; event numbers from before a change are no longer valid. */
  get generation(): number {
    return this.#generation
  }

  /**
   * Returns false if the caller must wait for `onWritable`. Writing is synchronous, which slows down the caller by
   * itself.
   */
  append(event: RealtimeEvent): boolean {
    if (this.#closed) return true
    const encoder = this.#encoder
    encoder.encode(event)
    const { row, meta, payload } = encoder
    if (!this.#records.append(row, meta, payload)) this.#payloads.lose(1)
    this.#rows.append(row)
    return this.#appended()
  }

  /**
   * As `append`, for messages that arrived together. Their bytes are kept as they arrived, including the bytes between
   * them.
   */
  appendBatch(connection: number, batch: MessageBatch): boolean {
    if (this.#closed || batch.count === 0) return true
    const shared = encodeBatch(batch, this.#eventNames)
    if (shared === undefined) return this.#appendEach(connection, batch)
    const last = batch.count - 1
    const end = (batch.starts[last] ?? 0) + (batch.sizes[last] ?? 0)
    const bytes = batch.bytes.subarray(batch.starts[0], end)
    const offset = bytes.length === 0 ? 0 : this.#records.payloads.append(undefined, bytes, batch.count)
    const lost = offset < 0 ? FLAG.lost : 0
    if (lost) this.#payloads.lose(batch.count)
    this.#rows.appendBatch(connection, batch, Math.max(offset, 0), { ...shared, flags: shared.flags | lost })
    return this.#appended()
  }

  #appendEach(connection: number, batch: MessageBatch): boolean {
    for (let index = 0; index < batch.count; index++)
      this.append({ ...batchedEvent(batch, index), connection })
    return !this.#disk.isWaiting
  }

  #appended(): boolean {
    const { maxEvents = DEFAULT_MAX_EVENTS } = this.#limits
    while (this.#rows.count - this.#rows.firstKept > maxEvents && this.#dropOldestRows());
    if (this.#timer === undefined) this.#arm()
    return !this.#disk.isWaiting
  }

  onWritable(callback: () => void): void {
    this.#disk.onWritable(callback)
  }

  /** Copies of the columns of up to `max` events from `from`, or from the oldest kept; they can be transferred. */
  columns(from: number, max: number): ColumnBatch {
    return this.#rows.copy(from, max)
  }

  /** The columns of one event. Throws a `RangeError` if the event is not kept. */
  row(index: number): Readonly<Row> {
    return this.#rows.get(index)
  }

  /**
   * The event as it was appended, with a copy of its payload. If the payload was dropped, `dropped` is its size. Throws
   * a `RangeError` if the event is not kept.
   */
  event(index: number): RealtimeEvent {
    const event = this.peek(index)
    return 'payload' in event ? { ...event, payload: new Uint8Array(event.payload) } : event
  }

  events(options?: ReadOptions): AsyncIterable<readonly RealtimeEvent[]> {
    return readEvents(this, options)
  }

  /** As `event`, without the copy: the payload is valid only until the next append. */
  peek(index: number): RealtimeEvent {
    const row = this.#rows.get(index)
    const eventName = this.#eventNames.list[row.eventName] ?? ''
    const { meta, payload } = this.#records.read(row)
    return decode(row, eventName, meta, payload)
  }

  /**
   * A run of events from event number `from` on, and the events in it that may contain one of the needles. Throws a
   * `RangeError` if the event is not kept.
   */
  prefilter(from: number, needles: readonly string[]): Prefiltered {
    return prefilter(this.#rows, spoolSource(this.#records.payloads), from, needles)
  }

  /**
   * A copy of the payload's first bytes, at most `maxBytes`. Undefined if the event has no payload or it is no longer
   * kept. Throws a `RangeError` if the event is not kept.
   */
  payload(index: number, maxBytes = Number.POSITIVE_INFINITY): Uint8Array<ArrayBuffer> | undefined {
    const row = this.#rows.get(index)
    if (!hasPayload(row.kind)) return undefined
    if (row.size === 0) return new Uint8Array(0)
    const view = this.#records.payload(row, maxBytes)
    return view === undefined ? undefined : new Uint8Array(view)
  }

  /** The payload as UTF-8 text. Returns undefined and throws as `payload` does. */
  text(index: number): string | undefined {
    const row = this.#rows.get(index)
    if (!hasPayload(row.kind)) return undefined
    return row.size === 0 ? '' : this.#records.text(row)
  }

  /** Whether the event had a payload that is no longer kept. */
  isDropped(index: number): boolean {
    return this.#records.lacksPayload(this.#rows.get(index))
  }

  /** Number of the first event that the user has not saved to a file. */
  get saved(): number {
    return this.#saved
  }

  /** Notes that the user has saved the events before number `count`; `recover` restores this. */
  markSaved(count: number): void {
    if (count !== this.#saved) this.#writeHead(count)
  }

  #writeHead(saved: number): void {
    if (this.#closed) return
    this.#saved = saved
    try {
      writeHead(this.directory, this.startedAt, this.#saved)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Sets the start of the session. The capture must be empty. */
  restart(startedAt: Date): void {
    this.#startedAt = startedAt
    this.#writeHead(this.#saved)
  }

  /** Removes every event; the next event has number 0. */
  clear(): void {
    this.markSaved(0)
    try {
      this.#rowLog.clear()
      this.#records.clear()
      this.#eventNameFile.clear()
    } catch (error) {
      this.#fail(error)
    }
    this.#rows = new Rows()
    this.#eventNames = new EventNames()
    this.#encoder = new Encoder(this.#eventNames)
    this.#payloads = new KeptPayloads()
    this.#generation++
  }

  /** Writes everything to disk, so that `recover` finds it. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#closed) return
    // A row is written after the record it points to.
    if (!this.#records.flush()) {
      this.#arm()
      return
    }
    try {
      this.#eventNameFile.flush(this.#eventNames)
      this.#rowLog.flush(this.#rows)
      this.#disk.work()
    } catch (error) {
      this.#fail(error)
    }
    this.#payloads.advance(this.#rows, this.#records.payloads.start)
  }

  /** Ends the capture. Removes its folder unless `keep` is true, so that `recover` can open it. */
  close(options: { readonly keep?: boolean } = {}): void {
    if (this.#closed) return
    if (options.keep === true) this.flush()
    clearTimeout(this.#timer)
    this.#closed = true
    try {
      this.#records.close()
      this.#rowLog.close()
      this.#eventNameFile.close()
      if (options.keep !== true) removeCapture(this.directory)
    } catch (error) {
      this.#fail(error)
    }
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.flush(), FLUSH_DELAY)
    this.#timer.unref()
  }

  /** Returns false if nothing can be dropped. */
  #dropOldestRows(): boolean {
    const dropped = this.#rows.dropOldest()
    this.#payloads.advance(this.#rows, this.#records.payloads.start)
    return dropped
  }

  #reload(): RowLog {
    const isWhole = (row: Row) => row.eventName < this.#eventNames.list.length && this.#records.isWhole(row)
    const log = RowLog.reopen(
      this.directory,
      isWhole,
      (first) => {
        this.#rows = new Rows(first)
      },
      (row) => {
        if (this.#records.isLost(row)) this.#payloads.lose(1)
        this.#rows.append(row)
      },
    )
    this.#payloads.advance(this.#rows, this.#records.payloads.start)
    writeHead(this.directory, this.startedAt, this.#saved)
    return log
  }

  /** Schedules another attempt, until the disk works. */
  #fail(error: unknown): void {
    if (this.#timer === undefined && !this.#closed) this.#arm()
    this.#disk.fail(error)
  }
}
