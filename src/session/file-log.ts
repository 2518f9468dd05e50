/**
 * A session file as a log that is read like a capture: its columns in memory, 32 bytes an event, its payloads left
 * in the file. Lines are found and their heads read without parsing them, so the first are there at once, and
 * whatever is wrong inside a payload shows only when that is asked for.
 */
import { isUtf8 } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import { Encoder } from '../capture/codec.ts'
import { EventNames } from '../capture/event-names.ts'
import type { Log } from '../capture/log.ts'
import { FLAG, type Row, Rows } from '../capture/rows.ts'
import { textOf } from '../capture/search/event-text.ts'
import { type Siftable, type Sifted, sift } from '../capture/search/sift.ts'
import { type ColumnBatch, hasPayload, typeOf } from '../shared/columns.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { PAYLOAD_TYPES } from '../shared/event-types.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../shared/spec.ts'
import { LineHead } from './line-head.ts'
import { lineNeedles } from './line-needles.ts'
import { LineReader } from './line-reader.ts'
import { parseLine, type SessionHeader } from './parse-line.ts'
import { type Problem, Problems } from './problems.ts'
import { longestLine, openSession, type ReadOptions } from './reader.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
/** Bytes indexed at once, between which the thread is free: a few milliseconds' worth. */
const STEP = 1024 * 1024
/** What is shown of a line that turns out to be no JSON. */
const UNREADABLE = '(its line in the file cannot be read as JSON)'
/** All that is, in lower case. */
const UNREADABLE_TEXTS = PAYLOAD_TYPES.map((type) => `${type} ${UNREADABLE}`.toLowerCase())

/** For a search that has to look at every event. */
const ALL: Siftable = { start: 0, isOpen: () => true, endOf: () => 0, piece: () => undefined }

export interface FileLogOptions extends ReadOptions {
  /** Told after every step of indexing. */
  readonly onProgress?: (log: FileLog) => void
}

export class FileLog implements Log {
  readonly startedAt: Date
  readonly generation = 0
  readonly firstKept = 0
  readonly firstPayload = 0
  /** What the capture had dropped when it was saved. */
  readonly droppedPayloads: number
  readonly droppedEvents: number
  /** Bytes of the file. */
  readonly size: number
  readonly #options: FileLogOptions
  readonly #maxLine: number
  readonly #lines: LineReader
  readonly #rows = new Rows()
  readonly #eventNames = new EventNames()
  readonly #head = new LineHead(this.#eventNames)
  readonly #encoder = new Encoder(this.#eventNames)
  readonly #problems = new Problems()
  /** The lines, as they are sifted. What a line says of its payload's size need not be so. */
  readonly #siftable: Siftable = {
    start: 0,
    isOpen: ({ kind }, at) => (hasPayload(kind[at] ?? 0) ? undefined : true),
    endOf: ({ first }, at) => this.#endOf(first + at),
    piece: (offset, into) => this.#lines.piece(offset, into),
  }
  #position = 0
  #line = 0
  #time = 0
  #closed = false

  private constructor(path: string, size: number, header: SessionHeader, options: FileLogOptions) {
    this.#options = options
    this.size = size
    this.startedAt = header.startedAt
    this.droppedPayloads = header.droppedPayloads
    this.droppedEvents = header.droppedEvents
    this.#maxLine = longestLine(options.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE)
    this.#lines = new LineReader(path)
  }

  /**
   * Opens a session file. Its first events are there when this resolves; `whole` resolves once all are. Rejects
   * with a `Failure`, as `openSession` does.
   */
  static async open(
    path: string,
    options: FileLogOptions = {},
  ): Promise<{ log: FileLog; whole: Promise<void> }> {
    const session = await openSession(path, options)
    await session.close()
    const log = new FileLog(path, session.size, session.header, options)
    const file = await open(path, 'r')
    try {
      const buffer = Buffer.allocUnsafeSlow(STEP)
      await log.#step(file, buffer)
      return { log, whole: log.#readOn(file, buffer) }
    } catch (thrown) {
      await file.close()
      log.close()
      throw thrown
    }
  }

  /** Events indexed so far. */
  get count(): number {
    return this.#rows.count
  }

  /** Bytes of the file indexed so far. */
  get position(): number {
    return this.#position
  }

  get spoolBytes(): number {
    return this.size
  }

  get eventNames(): readonly string[] {
    return this.#eventNames.list
  }

  /** What was wrong, as far as it was read; the first hundred. */
  get problems(): readonly Problem[] {
    return this.#problems.list()
  }

  get problemCount(): number {
    return this.#problems.count
  }

  columns(from: number, max: number): ColumnBatch {
    return this.#rows.copy(from, max)
  }

  row(index: number): Readonly<Row> {
    return this.#rows.get(index)
  }

  /** The event of a line; a mark that says so where the line turns out not to be one. */
  event(index: number): RealtimeEvent {
    const row = this.#rows.get(index)
    const event = parseLine(this.#read(index).toString(), row.time)
    if (event !== undefined) return event
    const text = `${typeOf(row.kind)} ${UNREADABLE}`
    return {
      type: 'mark',
      time: row.time,
      text,
      extra: { type: typeOf(row.kind), connection: row.connection },
    }
  }

  peek(index: number): RealtimeEvent {
    return this.event(index)
  }

  /** The payload as UTF-8 text, or what is shown of a line that cannot be read; undefined where it was dropped. */
  text(index: number): string | undefined {
    return this.#plainText(index) ?? textOf(this.event(index))
  }

  payload(index: number, maxBytes = Number.POSITIVE_INFINITY): Uint8Array<ArrayBuffer> | undefined {
    const { kind } = this.#rows.get(index)
    if (!hasPayload(kind) || this.isDropped(index)) return undefined
    const event = this.event(index)
    return 'payload' in event ? new Uint8Array(event.payload.subarray(0, maxBytes)) : undefined
  }

  isDropped(index: number): boolean {
    return (this.#rows.get(index).flags & FLAG.hollow) !== 0
  }

  /** As a capture's. */
  sift(from: number, needles: readonly string[]): Sifted {
    const looked = needles.some((needle) => UNREADABLE_TEXTS.some((text) => text.includes(needle)))
      ? undefined
      : lineNeedles(needles)
    return sift(this.#rows, looked === undefined ? ALL : this.#siftable, from, looked ?? [])
  }

  /** Stops indexing and closes the file; call once. */
  close(): void {
    this.#closed = true
    this.#lines.close()
  }

  /** The line of an event, without its newline; a view that is valid until the next is asked for. */
  #read(index: number): Buffer {
    const { offset } = this.#rows.get(index)
    // Between this line and the next event's there may be any number of lines that were skipped.
    return this.#lines.line(offset, this.#endOf(index))
  }

  /** The payload's text, where the line is as we write it and only a string of it is to be parsed. */
  #plainText(index: number): string | undefined {
    const line = this.#read(index)
    const to = line.at(-1) === RETURN ? line.length - 1 : line.length
    const head = this.#head
    if (!head.read(line, 0, to) || head.textAt < 0) return undefined
    const json = line.toString('utf8', head.textAt, to - 1)
    // Half a surrogate pair can be written, yet has no bytes.
    if (json.includes('\\u')) return undefined
    try {
      return JSON.parse(json) as string
    } catch {
      // More than a string: what the line is then is for the whole of it to tell.
      return undefined
    }
  }

  /** Where the line of an event ends, or the next event's begins. */
  #endOf(index: number): number {
    return index + 1 < this.#rows.count ? this.#rows.get(index + 1).offset : this.#position
  }

  async #readOn(file: FileHandle, buffer: Buffer): Promise<void> {
    try {
      while (!this.#closed && (await this.#step(file, buffer)));
    } finally {
      await file.close()
    }
  }

  /** Indexes the next lines; false at the end of the file. */
  async #step(file: FileHandle, buffer: Buffer): Promise<boolean> {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#position)
    if (this.#closed) return false
    const bytes = buffer.subarray(0, bytesRead)
    const end = bytes.lastIndexOf(NEWLINE) + 1
    const isLast = bytesRead < buffer.length
    if (end > 0) this.#index(bytes.subarray(0, end))
    else if (bytesRead > 0) await this.#indexLong(file, bytesRead)
    if (isLast && end > 0 && end < bytesRead) this.#indexTorn(bytes.subarray(end))
    if (this.#options.signal?.aborted) this.#closed = true
    this.#options.onProgress?.(this)
    return bytesRead > 0 && !isLast
  }

  /** Indexes whole lines. */
  #index(bytes: Buffer): void {
    const valid = isUtf8(bytes)
    const start = this.#position
    for (let from = 0; from < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, from)
      this.#indexLine(bytes, from, newline, start + from, valid)
      from = newline + 1
    }
    this.#position = start + bytes.length
  }

  #indexLine(bytes: Buffer, from: number, newline: number, offset: number, valid: boolean): void {
    const number = ++this.#line
    const to = bytes[newline - 1] === RETURN ? newline - 1 : newline
    if (number === 1 || to <= from) return
    const isText = valid || isUtf8(bytes.subarray(from, to))
    if (isText && this.#head.read(bytes, from, to)) this.#add(this.#head.row, offset)
    else this.#indexOther(bytes.toString('utf8', from, to), offset)
    if (!isText)
      this.#problems.add(number, `Line ${number} is not valid UTF-8; what could not be read shows as \ufffd.`)
  }

  /** A line that is to be parsed to be known. */
  #indexOther(line: string, offset: number): void {
    const event = parseLine(line, this.#time)
    if (event === undefined) {
      this.#problems.add(this.#line, `Line ${this.#line} is no event and was skipped.`)
      return
    }
    this.#addEvent(event, offset)
  }

  #addEvent(event: RealtimeEvent, offset: number): void {
    this.#problems.look(this.#line, event)
    this.#encoder.encode(event)
    this.#add(this.#encoder.row, offset)
  }

  #add(row: Row, offset: number): void {
    row.offset = offset
    this.#time = row.time
    this.#rows.append(row)
  }

  /** Indexes one line that is longer than a step. */
  async #indexLong(file: FileHandle, begun: number): Promise<void> {
    const offset = this.#position
    let length = begun
    let newline = -1
    const ahead = Buffer.allocUnsafe(STEP)
    while (newline < 0) {
      const { bytesRead } = await file.read(ahead, 0, ahead.length, offset + length)
      if (bytesRead === 0 || this.#closed) break
      newline = ahead.subarray(0, bytesRead).indexOf(NEWLINE)
      length += newline < 0 ? bytesRead : newline
    }
    const number = this.#line + 1
    this.#position = offset + length + (newline < 0 ? 0 : 1)
    if (this.#closed) return
    if (length > this.#maxLine) {
      this.#line = number
      this.#problems.add(number, `Line ${number} is longer than ${this.#maxLine} bytes and was skipped.`)
      return
    }
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, offset)
    if (newline < 0) this.#indexTorn(buffer.subarray(0, bytesRead), offset)
    else this.#indexLine(buffer, 0, length, offset, isUtf8(buffer))
  }

  /** The last line, which has no newline: whole all the same, or cut short. */
  #indexTorn(bytes: Buffer, offset = this.#position): void {
    const number = ++this.#line
    this.#position = offset + bytes.length
    if (number === 1) return
    const event = parseLine(bytes.toString(), this.#time)
    if (event === undefined) {
      const text = `The last line (${number}) is cut short and was skipped; all before it was read.`
      this.#problems.add(number, text)
      return
    }
    this.#addEvent(event, offset)
  }
}
