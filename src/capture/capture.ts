/**
 * The append-only log of a session: columns of every event in memory, payloads on disk with the newest also in memory.
 * Everything older than a tenth of a second is on disk, so a crash loses no more than that.
 */
import type { Clock } from '../shared/clock.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import type { ColumnBatch, ColumnView } from '../shared/event-columns.ts'
import { Failure, sentenceOf } from '../shared/failure.ts'
import { type BatchSink, batchedEvent, type MessageBatch } from '../shared/message-batch.ts'
import type { Row } from './column-segments.ts'
import { ClearedFiles } from './disk/cleared.ts'
import { removeCapture } from './disk/files.ts'
import { type CaptureHead, makeFolder, readHead, writeHead } from './disk/head.ts'
import { DiskHealth } from './disk/health.ts'
import type { BytesTaker } from './disk/spool.ts'
import { type CaptureLimits, limitsOf } from './limits.ts'
import { type Dropped, type Log, type ReadOptions, readEvents } from './recording.ts'
import { type Prefiltered, prefilter } from './search/prefilter.ts'
import { spoolSource } from './search/spool-source.ts'
import { Store } from './store.ts'

export interface CaptureOptions extends CaptureLimits {
  /** The capture's own folder: private to the user, and removed by `close`. */
  readonly directory: string
  readonly clock: Pick<Clock, 'startedAt'>
}

/** Cleared events are let go when so many events have come after them, because `restore` appends these again. */
const MAX_AFTER_CLEARED = 500_000
/** Milliseconds after which an event is written to disk. */
const FLUSH_DELAY = 100

export class Capture implements BatchSink, Log {
  readonly directory: string
  #startedAt: Date
  readonly #limits: ReturnType<typeof limitsOf>
  #store: Store
  readonly #cleared: ClearedFiles
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
    this.#limits = limitsOf(options)
    this.#cleared = new ClearedFiles(options.directory)
    const { directory } = options
    this.#disk = new DiskHealth(options)
    try {
      this.#store = reopen ? this.#openStore(true) : this.#startStore()
      if (reopen) writeHead(directory, this.startedAt, this.#saved)
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
    return this.#store.rows.count
  }

  /** Number of the oldest event kept. */
  get firstKept(): number {
    return this.#store.rows.firstKept
  }

  /** Number of the oldest event that still has its payload, or never had one. */
  get firstPayload(): number {
    return this.#store.payloads.first
  }

  /** Events, and payloads that were not kept or were dropped while their events were still listed. */
  get dropped(): Dropped {
    return { events: this.firstKept, payloads: this.#store.payloads.dropped }
  }

  /** Payloads among them that were lost because the disk was failing. */
  get lostPayloads(): number {
    return this.#store.payloads.lost
  }

  /** Why writing to the disk fails now; undefined if it works. */
  get failure(): Failure | undefined {
    return this.#disk.failure
  }

  /** Bytes of payloads and details kept, mostly on disk. */
  get spoolBytes(): number {
    return this.#store.records.bytes
  }

  /** Event names by index; index 0 is the empty name. */
  get eventNames(): readonly string[] {
    return this.#store.eventNames.list
  }

  /** Changes with every `clear` and `restore`; event numbers from before a change are no longer valid. */
  get generation(): number {
    return this.#generation
  }

  /**
   * Returns false if the caller must wait for `onWritable`. Writing is synchronous, which slows down the caller by
   * itself. `time` replaces that of the event, so that the event need not be copied to change it.
   */
  append(event: RealtimeEvent, time = event.time): boolean {
    if (this.#closed) return true
    const { encoder, records, payloads, rows } = this.#store
    encoder.encode(event)
    const { row, meta, payload } = encoder
    row.time = time
    if (!records.append(row, meta, payload)) payloads.lose(1)
    rows.append(row)
    return this.#appended()
  }

  /** As `append`, for messages that arrived together. Their bytes are kept with the bytes between them. */
  appendBatch(connection: number, batch: MessageBatch, time = batch.time): boolean {
    if (this.#closed || batch.count === 0) return true
    if (!this.#store.appendBatch(connection, batch, time)) return this.#appendEach(connection, batch, time)
    return this.#appended()
  }

  #appendEach(connection: number, batch: MessageBatch, time: number): boolean {
    for (let index = 0; index < batch.count; index++)
      this.append({ ...batchedEvent(batch, index, time), connection })
    return !this.#disk.isWaiting
  }

  #appended(): boolean {
    const { maxEvents } = this.#limits
    const store = this.#store
    while (store.rows.count - store.rows.firstKept > maxEvents && store.rows.dropOldest()) store.advance()
    if (this.#timer === undefined) this.#arm()
    return !this.#disk.isWaiting
  }

  onWritable(callback: () => void): void {
    this.#disk.onWritable(callback)
  }

  /** Copies of the columns of up to `max` events from `from`, or from the oldest kept; they can be transferred. */
  columns(from: number, max: number): ColumnBatch {
    return this.#store.rows.copy(from, max)
  }

  /** Columns that an event is in, not copied: valid only until the next append. Throws a `RangeError` as `row`. */
  columnsAround(index: number): ColumnView {
    return this.#store.rows.segment(index)
  }

  /** The columns of one event. Throws a `RangeError` if the event is not kept. */
  row(index: number): Readonly<Row> {
    return this.#store.rows.get(index)
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
    return this.#store.read(index)
  }

  /**
   * A run of events from event number `from` on, and the events in it that may contain one of the needles. Throws a
   * `RangeError` if the event is not kept.
   */
  prefilter(from: number, needles: readonly string[]): Prefiltered {
    return prefilter(this.#store.rows, spoolSource(this.#store.records.payloads), from, needles)
  }

  /**
   * A copy of the payload's first bytes, at most `maxBytes`. Undefined if the event has no payload or it is no longer
   * kept. Throws a `RangeError` if the event is not kept.
   */
  payload(index: number, maxBytes?: number): Uint8Array<ArrayBuffer> | undefined {
    return this.#store.payload(index, maxBytes)
  }

  /** As `payload`, but gives `taker` a part of bytes that are valid only until the next append or read. False if undefined. */
  givePayload(index: number, maxBytes: number | undefined, taker: BytesTaker): boolean {
    return this.#store.givePayload(index, maxBytes, taker)
  }

  /** The payload as UTF-8 text. Returns undefined and throws as `payload` does. */
  text(index: number): string | undefined {
    return this.#store.text(index)
  }

  /** Whether the event had a payload that is no longer kept. */
  isDropped(index: number): boolean {
    return this.#store.records.lacksPayload(this.#store.rows.get(index))
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

  /** How many events `restore` brings back; 0 if there are none. */
  get cleared(): number {
    return this.#cleared.events
  }

  /**
   * Removes every event; the next event has number 0. With `keep`, they stay on disk for `restore`, until there is no
   * room for them, or the next `clear`.
   */
  clear({ keep = false }: { readonly keep?: boolean } = {}): void {
    this.dropCleared()
    const before = this.#store
    const isKept = keep && this.#tryFlush()
    try {
      this.#cleared.take(this.count - this.firstKept)
      this.#begin(this.#startStore())
      before.close()
      if (!isKept) this.dropCleared()
    } catch (error) {
      // The disk is full.
      before.close()
      removeCapture(this.directory)
      this.#fail(error)
      this.#begin(this.#startStore())
    }
    this.#saved = 0
  }

  /** Lets go of the events that `clear` kept. */
  dropCleared(): void {
    try {
      this.#cleared.drop()
    } catch (error) {
      this.#fail(error)
    }
  }

  /**
   * Brings back what `clear` kept. The events since then, except the first `skip`, follow it, with times that are `shift`
   * milliseconds later. Returns how much higher their numbers are. Throws a `Failure` if there is nothing to bring back.
   */
  restore({ skip, shift }: { readonly skip: number; readonly shift: number }): number {
    if (this.cleared === 0) throw new Failure('NOTHING_CLEARED', 'The cleared events are not kept any more.')
    const after = this.#store
    const removeAfter = this.#cleared.putBack()
    const head = readHead(this.directory)
    this.#startedAt = new Date(head?.startedAt ?? this.#startedAt)
    this.#saved = head?.saved ?? 0
    this.#begin(this.#openStore(true))
    const first = Math.max(skip, after.rows.firstKept)
    const moved = this.count - first
    for (let index = first; index < after.rows.count; index++) {
      const event = after.read(index)
      this.append(event, event.time + shift)
    }
    after.close()
    removeAfter()
    return moved
  }

  #startStore(): Store {
    makeFolder(this.directory, this.startedAt)
    return this.#openStore(false)
  }

  #openStore(reopen: boolean): Store {
    const { memoryLimit, spoolLimit } = this.#limits
    return new Store({
      ...{ directory: this.directory, memoryLimit, spoolLimit, reopen },
      onError: (error) => this.#fail(error),
      onReadError: (error) => this.#disk.failToRead(error),
    })
  }

  #begin(store: Store): void {
    this.#store = store
    this.#generation++
  }

  /** Writes everything to disk, so that `recover` finds it. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#closed || !this.#tryFlush()) return
    this.#store.advance()
    const bytes = this.spoolBytes + this.#cleared.bytes
    if (bytes > this.#limits.spoolLimit || this.count > MAX_AFTER_CLEARED) this.dropCleared()
  }

  /** Ends the capture. Removes its folder unless `keep` is true, so that `recover` can open it. */
  close(options: { readonly keep?: boolean } = {}): void {
    if (this.#closed) return
    if (options.keep === true) this.flush()
    clearTimeout(this.#timer)
    this.#closed = true
    try {
      this.#store.close()
      this.#cleared.drop()
      if (options.keep !== true) removeCapture(this.directory)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Returns false if the disk fails. */
  #tryFlush(): boolean {
    try {
      const isWritten = this.#store.flush()
      if (isWritten && this.#disk.work(this.directory)) return true
      if (this.#timer === undefined) this.#arm()
      return isWritten
    } catch (error) {
      this.#fail(error)
    }
    return false
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.flush(), FLUSH_DELAY)
    this.#timer.unref()
  }

  /** Schedules another attempt, until the disk works, and makes room. */
  #fail(error: unknown): void {
    if (this.#timer === undefined && !this.#closed) this.#arm()
    this.#disk.fail(error)
    this.dropCleared()
  }
}
