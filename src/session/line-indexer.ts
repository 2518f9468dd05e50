/**
 * Finds the lines of a session file and reads their heads into rows, without parsing them: 32 bytes of memory an event.
 * Whatever is wrong inside a payload shows only when that payload is read.
 */
import { isUtf8 } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import { Encoder } from '../capture/codec.ts'
import { EventNames } from '../capture/event-names.ts'
import { FLAG, type Row, Rows } from '../capture/rows.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { LineHead } from './line-head.ts'
import { type Problem, Problems } from './line-problems.ts'
import { parseLine } from './parse-line.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
/** Bytes indexed at once, between which the thread is free: a few milliseconds' worth. */
const STEP = 1024 * 1024

export class LineIndexer {
  readonly rows = new Rows()
  readonly eventNames = new EventNames()
  /** Events that were written without their payload. */
  withoutPayload = 0
  readonly #path: string
  readonly #maxLine: number
  readonly #head = new LineHead(this.eventNames)
  readonly #encoder = new Encoder(this.eventNames)
  readonly #problems = new Problems()
  readonly #steps = this.#readOn()
  #position = 0
  #line = 0
  #time = 0
  #closed = false

  /** `maxLine` is the length in bytes of the longest line to read. */
  constructor(path: string, maxLine: number) {
    this.#path = path
    this.#maxLine = maxLine
  }

  /** Bytes of the file indexed so far. */
  get position(): number {
    return this.#position
  }

  /** What was wrong so far; the first hundred. */
  get problems(): readonly Problem[] {
    return this.#problems.list()
  }

  get problemCount(): number {
    return this.#problems.count
  }

  /** Indexes the next lines; resolves to false at the end of the file. */
  async next(): Promise<boolean> {
    return !(await this.#steps.next()).done
  }

  /** Stops indexing. */
  close(): void {
    this.#closed = true
    void this.#steps.return()
  }

  async *#readOn(): AsyncGenerator<void, void> {
    const file = await open(this.#path, 'r')
    try {
      const buffer = Buffer.allocUnsafeSlow(STEP)
      while (await this.#step(file, buffer)) yield
    } finally {
      await file.close()
    }
  }

  async #step(file: FileHandle, buffer: Buffer): Promise<boolean> {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#position)
    if (this.#closed) return false
    const bytes = buffer.subarray(0, bytesRead)
    const end = bytes.lastIndexOf(NEWLINE) + 1
    const isLast = bytesRead < buffer.length
    if (end > 0) this.#index(bytes.subarray(0, end))
    else if (bytesRead > 0) await this.#indexLong(file, bytesRead)
    if (isLast && end > 0 && end < bytesRead) this.#indexTorn(bytes.subarray(end))
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
    if ((row.flags & FLAG.hollow) !== 0) this.withoutPayload++
    this.rows.append(row)
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
