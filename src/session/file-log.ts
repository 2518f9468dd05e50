/** The indexed events of a session file, read like a capture: their payloads stay in the file. */

import { isUtf8 } from 'node:buffer'
import { FLAG, type Row } from '../capture/column-segments.ts'
import {
  type JsonText,
  type Log,
  type ReadOptions,
  type Recording,
  readEvents,
} from '../capture/recording.ts'
import { textOf } from '../capture/search/event-text.ts'
import { type Prefiltered, type PrefilterSource, prefilter } from '../capture/search/prefilter.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { type ColumnBatch, type ColumnView, hasPayload, typeOf } from '../shared/event-columns.ts'
import { PAYLOAD_TYPES } from '../shared/event-types.ts'
import { Failure } from '../shared/failure.ts'
import { NEWLINE } from './line-blocks.ts'
import { eventOf, isAsWritten } from './line-event.ts'
import { LineHead } from './line-head.ts'
import type { LineIndexer } from './line-indexer.ts'
import { lineNeedles } from './line-needles.ts'
import { LineReader } from './line-reader.ts'
import { parseLine } from './parse-line.ts'
import type { OpenOptions } from './recording-file.ts'

const RETURN = 0x0d
/** Shown in place of a line that cannot be parsed as JSON. */
const UNREADABLE = '(its line in the file cannot be read as JSON)'
/** All texts of such lines, in lower case. */
const UNREADABLE_TEXTS = PAYLOAD_TYPES.map((type) => `${type} ${UNREADABLE}`.toLowerCase())

/** For a search that must look at every event. */
const ALL: PrefilterSource = { start: 0, isOpen: () => true, endOf: () => 0, piece: () => undefined }

export class FileLog implements Log {
  readonly generation = 0
  readonly firstKept = 0
  readonly firstPayload = 0
  readonly #file: Recording & { readonly size: number }
  readonly #marksChanged: boolean
  readonly #indexer: LineIndexer
  readonly #path: string
  readonly #lines: LineReader
  readonly #head: LineHead
  /** Where the line begins that was read in the block. */
  #from = 0
  /** What `jsonText` returns. It is used again, because making an object for each event takes a tenth of the time. */
  readonly #text: { -readonly [Key in keyof JsonText]: JsonText[Key] } & { readonly head: LineHead }
  /** The lines, as they are searched. The size that a line gives for its payload can be wrong. */
  readonly #prefilterSource: PrefilterSource = {
    start: 0,
    isOpen: ({ kind }, at) => (hasPayload(kind[at] ?? 0) ? undefined : true),
    endOf: ({ first }, at) => this.#endOf(first + at),
    piece: (offset, into) => this.#lines.piece(offset, into),
  }

  constructor(
    path: string,
    file: Recording & { readonly size: number },
    indexer: LineIndexer,
    { marksChanged = false }: Pick<OpenOptions, 'marksChanged'>,
  ) {
    this.#path = path
    this.#file = file
    this.#indexer = indexer
    this.#marksChanged = marksChanged
    this.#head = new LineHead(indexer.eventNames)
    this.#text = { head: this.#head, bytes: Buffer.alloc(0), from: 0, to: 0, size: 0 }
    this.#lines = new LineReader(path)
  }

  get startedAt(): Date {
    return this.#file.startedAt
  }

  get generator(): Recording['generator'] {
    return this.#file.generator
  }

  get dropped(): Recording['dropped'] {
    return this.#file.dropped
  }

  /** Events indexed so far. */
  get count(): number {
    return this.#indexer.rows.count
  }

  get spoolBytes(): number {
    return this.#file.size
  }

  get eventNames(): readonly string[] {
    return this.#indexer.eventNames.list
  }

  columns(from: number, max: number): ColumnBatch {
    return this.#indexer.rows.copy(from, max)
  }

  columnsAround(index: number): ColumnView {
    return this.#indexer.rows.segment(index)
  }

  row(index: number): Readonly<Row> {
    return this.#indexer.rows.get(index)
  }

  /** If the line was changed after it was indexed: a mark if `marksChanged`, else throws a `Failure` `CHANGED`. */
  event(index: number): RealtimeEvent {
    const line = this.#read(index)
    const to = endOf(line)
    if (this.#isPlain(line, to)) return eventOf(this.#head, line, to)
    const row = this.#indexer.rows.get(index)
    const event = parseLine(line.toString(), row.time)
    if (event !== undefined) return event
    if (!this.#marksChanged)
      throw new Failure(
        'CHANGED',
        `${this.#path} was changed while it was being read, so event ${index + 1} cannot be read; open it again.`,
      )
    const text = `${typeOf(row.kind)} ${UNREADABLE}`
    return {
      type: 'mark',
      time: row.time,
      text,
      extra: { type: typeOf(row.kind), connection: row.connection },
    }
  }

  jsonText(index: number): JsonText | undefined {
    const text = this.#text
    const { head } = text
    const end = this.#readInBlock(index)
    if (end < 0 || head.textAt < 0) return undefined
    const bytes = this.#lines.block
    text.bytes = bytes
    text.from = head.textAt + 1
    text.to = (bytes[end - 1] === RETURN ? end - 1 : end) - 2
    text.size = this.#indexer.rows.size(index)
    return text
  }

  /** The line of an event with its newline, if it would be written with the same bytes: a view that is valid until the next read. */
  writtenLine(index: number): Uint8Array | undefined {
    const end = this.#readInBlock(index)
    if (end < 0) return undefined
    const bytes = this.#lines.block
    const isWritten = bytes[end - 1] !== RETURN && isAsWritten(this.#head, bytes, end)
    return isWritten ? bytes.subarray(this.#from, end + 1) : undefined
  }

  peek(index: number): RealtimeEvent {
    return this.event(index)
  }

  events(options?: ReadOptions): AsyncIterable<readonly RealtimeEvent[]> {
    return readEvents(this, options)
  }

  /** The payload as UTF-8 text, or the text shown for an unreadable line. Undefined if the payload was dropped. */
  text(index: number): string | undefined {
    return this.#plainText(index) ?? textOf(this.event(index))
  }

  payload(index: number, maxBytes = Number.POSITIVE_INFINITY): Uint8Array<ArrayBuffer> | undefined {
    const { kind } = this.#indexer.rows.get(index)
    if (!hasPayload(kind) || this.isDropped(index)) return undefined
    const event = this.event(index)
    return 'payload' in event ? new Uint8Array(event.payload.subarray(0, maxBytes)) : undefined
  }

  isDropped(index: number): boolean {
    return (this.#indexer.rows.get(index).flags & FLAG.hollow) !== 0
  }

  /** See `Capture.sift`. */
  prefilter(from: number, needles: readonly string[]): Prefiltered {
    const looked = needles.some((needle) => UNREADABLE_TEXTS.some((text) => text.includes(needle)))
      ? undefined
      : lineNeedles(needles)
    return prefilter(
      this.#indexer.rows,
      looked === undefined ? ALL : this.#prefilterSource,
      from,
      looked ?? [],
    )
  }

  /** Closes the file; call once. */
  close(): void {
    this.#lines.close()
  }

  /**
   * Reads the head of an event's line, without measuring its payload. The line begins at `#from` of the block. Returns where its
   * newline is; -1 if it has another shape or is not UTF-8, is too long for a block, or if skipped lines follow it.
   */
  #readInBlock(index: number): number {
    const lines = this.#lines
    const offset = this.#indexer.rows.offset(index)
    const length = this.#endOf(index) - offset
    const from = lines.load(offset, length)
    if (from < 0) return -1
    const bytes = lines.block
    const end = from + length - 1
    const to = bytes[end - 1] === RETURN ? end - 1 : end
    if (bytes[end] !== NEWLINE || !this.#head.readFields(bytes, from, to)) return -1
    this.#from = from
    return lines.isUtf8(from, end + 1) ? end : -1
  }

  /** The line of an event, without its newline: a view that is valid until the next read. */
  #read(index: number): Buffer {
    const offset = this.#indexer.rows.offset(index)
    // Any number of skipped lines can follow this line.
    return this.#lines.line(offset, this.#endOf(index))
  }

  /** The payload's text if the line is as this program writes it, so that only one JSON string has to be parsed. */
  #plainText(index: number): string | undefined {
    const line = this.#read(index)
    const to = endOf(line)
    if (!this.#head.read(line, 0, to) || this.#head.textAt < 0) return undefined
    const json = line.toString('utf8', this.#head.textAt, to - 1)
    // An unpaired surrogate can be written in JSON, but not in UTF-8.
    if (json.includes('\\u')) return undefined
    try {
      return JSON.parse(json) as string
    } catch {
      // Not a single string: the whole line has to be parsed.
      return undefined
    }
  }

  /** Whether `#head` has read the line, which ends at `to`. */
  #isPlain(line: Buffer, to: number): boolean {
    return this.#head.read(line, 0, to) && isUtf8(line)
  }

  /** Position of the next event's line, or the end of the indexed part. */
  #endOf(index: number): number {
    return index + 1 < this.#indexer.rows.count
      ? this.#indexer.rows.offset(index + 1)
      : this.#indexer.position
  }
}

function endOf(line: Buffer): number {
  return line.at(-1) === RETURN ? line.length - 1 : line.length
}
