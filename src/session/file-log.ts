/** The indexed events of a session file, read like a capture: their payloads stay in the file. */
import { type Log, type ReadOptions, type Recording, readEvents } from '../capture/recording.ts'
import { FLAG, type Row } from '../capture/rows.ts'
import { textOf } from '../capture/search/event-text.ts'
import { type Prefiltered, type PrefilterSource, prefilter } from '../capture/search/prefilter.ts'
import { type ColumnBatch, hasPayload, typeOf } from '../shared/columns.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { PAYLOAD_TYPES } from '../shared/event-types.ts'
import { Failure } from '../shared/failure.ts'
import { LineHead } from './line-head.ts'
import type { LineIndexer } from './line-indexer.ts'
import { lineNeedles } from './line-needles.ts'
import { LineReader } from './line-reader.ts'
import { parseLine } from './parse-line.ts'
import type { OpenOptions } from './recording-file.ts'

const RETURN = 0x0d
/** What is shown of a line that turns out to be no JSON. */
const UNREADABLE = '(its line in the file cannot be read as JSON)'
/** All that is, in lower case. */
const UNREADABLE_TEXTS = PAYLOAD_TYPES.map((type) => `${type} ${UNREADABLE}`.toLowerCase())

/** For a search that has to look at every event. */
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

  row(index: number): Readonly<Row> {
    return this.#indexer.rows.get(index)
  }

  /** Throws a `Failure` `CHANGED` if the line was changed after it was indexed, unless that is to be a mark. */
  event(index: number): RealtimeEvent {
    const row = this.#indexer.rows.get(index)
    const event = parseLine(this.#read(index).toString(), row.time)
    if (event !== undefined) return event
    if (!this.#marksChanged)
      throw new Failure(
        'CHANGED',
        `${this.#path} was changed while it was being played, so event ${index + 1} cannot be read; open it again.`,
      )
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

  events(options?: ReadOptions): AsyncIterable<readonly RealtimeEvent[]> {
    return readEvents(this, options)
  }

  /** The payload as UTF-8 text, or what is shown of a line that cannot be read; undefined where it was dropped. */
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

  /** As a capture's. */
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

  /** The line of an event, without its newline; a view that is valid until the next is asked for. */
  #read(index: number): Buffer {
    const { offset } = this.#indexer.rows.get(index)
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
    return index + 1 < this.#indexer.rows.count
      ? this.#indexer.rows.get(index + 1).offset
      : this.#indexer.position
  }
}
