/**
 * Finds the lines of a session file and reads their heads into rows, without parsing them: 32 bytes of memory an event.
 * Whatever is wrong inside a payload shows only when that payload is read.
 */
import { open } from 'node:fs/promises'
import { Encoder } from '../capture/codec.ts'
import { ColumnSegments, FLAG, type Row } from '../capture/column-segments.ts'
import { EventNames } from '../capture/event-names.ts'
import { readBlocks } from './line-blocks.ts'
import type { Problem } from './line-problems.ts'
import { LineScanner, type LineTaker } from './line-scanner.ts'

export class LineIndexer {
  readonly rows = new ColumnSegments()
  readonly eventNames = new EventNames()
  /** Events that were written without their payload. */
  withoutPayload = 0
  readonly #path: string
  readonly #maxLine: number
  readonly #scanner: LineScanner
  readonly #encoder = new Encoder(this.eventNames)
  readonly #control = new AbortController()
  readonly #steps = this.#readOn()
  readonly #taker: LineTaker = {
    head: ({ row }, _, from) => this.#add(row, from),
    event: (event, from) => {
      this.#encoder.encode(event)
      this.#add(this.#encoder.row, from)
    },
  }
  #position = 0
  /** Position of the block that is being read. */
  #offset = 0

  /** `maxLine` is the length in bytes of the longest line to read. */
  constructor(path: string, maxLine: number) {
    this.#path = path
    this.#maxLine = maxLine
    this.#scanner = new LineScanner(maxLine, this.eventNames)
  }

  /** Bytes of the file indexed so far. */
  get position(): number {
    return this.#position
  }

  /** Problems found so far: the first hundred. */
  get problems(): readonly Problem[] {
    return this.#scanner.problems.list()
  }

  get problemCount(): number {
    return this.#scanner.problems.count
  }

  /** Indexes the next lines; resolves to false at the end of the file. */
  async next(): Promise<boolean> {
    return !(await this.#steps.next()).done
  }

  /** Stops indexing. */
  close(): void {
    this.#control.abort()
    this.rows.release()
    void this.#steps.return()
  }

  async *#readOn(): AsyncGenerator<void, void> {
    const file = await open(this.#path, 'r')
    try {
      for await (const block of readBlocks(file, this.#maxLine, this.#control.signal)) {
        this.#offset = block.offset
        this.#scanner.scan(block, this.#taker)
        this.#position = block.end
        yield
      }
    } finally {
      await file.close()
    }
  }

  #add(row: Row, from: number): void {
    row.offset = this.#offset + from
    if ((row.flags & FLAG.hollow) !== 0) this.withoutPayload++
    this.rows.append(row)
  }
}
