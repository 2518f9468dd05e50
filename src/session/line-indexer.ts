/**
 * Finds the lines of a session file and reads their heads into rows, without parsing them: 32 bytes of memory an event.
 * Whatever is wrong inside a payload shows only when that payload is read.
 */
import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { Encoder } from '../capture/codec.ts'
import { ColumnSegments, FLAG, type Row } from '../capture/column-segments.ts'
import { EventNames } from '../capture/event-names.ts'
import { NEWLINE, readBlocks } from './line-blocks.ts'
import { LineHead } from './line-head.ts'
import { type Problem, Problems, readLine } from './line-problems.ts'

const RETURN = 0x0d

export class LineIndexer {
  readonly rows = new ColumnSegments()
  readonly eventNames = new EventNames()
  /** Events that were written without their payload. */
  withoutPayload = 0
  readonly #path: string
  readonly #maxLine: number
  readonly #head = new LineHead(this.eventNames)
  readonly #encoder = new Encoder(this.eventNames)
  readonly #problems = new Problems()
  readonly #control = new AbortController()
  readonly #steps = this.#readOn()
  #position = 0
  #line = 0
  #time = 0

  /** `maxLine` is the length in bytes of the longest line to read. */
  constructor(path: string, maxLine: number) {
    this.#path = path
    this.#maxLine = maxLine
  }

  /** Bytes of the file indexed so far. */
  get position(): number {
    return this.#position
  }

  /** Problems found so far: the first hundred. */
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
    this.#control.abort()
    void this.#steps.return()
  }

  async *#readOn(): AsyncGenerator<void, void> {
    const file = await open(this.#path, 'r')
    try {
      for await (const { bytes, offset, end, isTooLong } of readBlocks(
        file,
        this.#maxLine,
        this.#control.signal,
      )) {
        if (isTooLong) this.#problems.tooLong(++this.#line, this.#maxLine)
        else this.#index(bytes, offset)
        this.#position = end
        yield
      }
    } finally {
      await file.close()
    }
  }

  #index(bytes: Buffer, offset: number): void {
    const areUtf8 = isUtf8(bytes)
    for (let from = 0; from < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, from)
      const end = newline < 0 ? bytes.length : newline
      this.#line++
      if (this.#line > 1) this.#indexLine(bytes, from, end, offset + from, areUtf8)
      from = end + 1
    }
  }

  #indexLine(bytes: Buffer, from: number, end: number, offset: number, isKnownUtf8: boolean): void {
    const to = bytes[end - 1] === RETURN ? end - 1 : end
    if (to <= from) return
    const isText = isKnownUtf8 || isUtf8(bytes.subarray(from, to))
    if (isText && this.#head.read(bytes, from, to)) {
      this.#add(this.#head.row, offset)
      return
    }
    const line = { text: bytes.toString('utf8', from, to), isUtf8: isText, isTorn: end === bytes.length }
    const event = readLine(line, this.#line, this.#time, this.#problems)
    if (event === undefined) return
    this.#encoder.encode(event)
    this.#add(this.#encoder.row, offset)
  }

  #add(row: Row, offset: number): void {
    row.offset = offset
    this.#time = row.time
    if ((row.flags & FLAG.hollow) !== 0) this.withoutPayload++
    this.rows.append(row)
  }
}
