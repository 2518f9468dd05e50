/** Event streams, as in the HTML standard's section 9.2.6, "Interpreting an event stream". */
import { ByteBuffer } from './byte-buffer.ts'
import { indexOfByte, LineFeeds, startsWith } from './byte-search.ts'
import { PlainEvents } from './plain-events.ts'
import {
  type ParserOptions,
  type RecordBatch,
  type RecordParser,
  type RecordSink,
  type StreamRecord,
  tooLarge,
} from './record.ts'
import { decodeUtf8, isValidUtf8, wellFormed } from './utf8.ts'
import { Window } from './window.ts'

const LF = 0x0a
const CR = 0x0d
const COLON = 0x3a
const SPACE = 0x20
const DATA = new TextEncoder().encode('data:')
/** Bytes of an ignored line that are quoted. */
const SAMPLE = 120
/** Bytes of a line besides its value: the field name, colon, space, and a byte order mark. */
const LINE_SLACK = 10

const FIELDS = (['data', 'event', 'id', 'retry'] as const).map((name) => ({
  name,
  bytes: new TextEncoder().encode(name),
}))

export interface SseOptions extends ParserOptions {
  /** The last event ID before this stream. It applies until the stream sets another. */
  readonly lastEventId?: string
  /**
   * Receives batches of plain events: one line of data that is valid UTF-8, without type and ID. If absent, they are
   * delivered one by one.
   */
  readonly onBatch?: (batch: RecordBatch) => void
}

export class SseParser implements RecordParser {
  readonly #limit: number
  readonly #sink: RecordSink
  readonly #onBatch: SseOptions['onBatch']
  readonly #plain = new PlainEvents()
  readonly #window = new Window()

  #firstLine = true
  /** The previous chunk ended with CR, so a LF at the beginning of the next one belongs to it. */
  #skipLf = false
  #usesCrlf = false

  /** Position of the block's first line that is not a comment; -1 between blocks. */
  #blockStart = -1
  /** The block has a field that takes effect at its end. */
  #pending = false
  #hasData = false
  /** The data while it is one line of the current chunk; otherwise it is in `#data`. */
  #singleLine: Uint8Array | undefined
  readonly #data = new ByteBuffer()
  #eventType = ''
  #idBuffer: string
  #ownId = false
  #lastEventId: string
  #retry: number | undefined
  #undispatched = ''
  /** How many lines since the last event are not fields, and the first of them. */
  #ignored = 0
  #firstIgnored = ''

  constructor(options: SseOptions, sink: RecordSink) {
    this.#limit = options.maxRecordSize
    this.#sink = sink
    this.#onBatch = options.onBatch
    this.#lastEventId = options.lastEventId ?? ''
    this.#idBuffer = this.#lastEventId
  }

  /** The last event ID string at the latest blank line. */
  get lastEventId(): string {
    return this.#lastEventId
  }

  /** The event type of the latest block if it was not dispatched because it has no data; else empty. */
  get undispatched(): string {
    return this.#undispatched
  }

  /** Lines after the last event that are not fields. */
  get remark(): string | undefined {
    return this.#oddities()?.[0]
  }

  /** The latest `retry` field in milliseconds. */
  get retry(): number | undefined {
    return this.#retry
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    this.#window.add(chunk)
    try {
      this.#scan()
    } finally {
      this.#flush()
    }
    this.#settleData()
    this.#window.keep()
    if (this.#window.length > this.#limit + LINE_SLACK) throw tooLarge('line', this.#limit)
  }

  end(): void {
    const rest = this.#window.length
    if (rest === 0 && !this.#pending) return
    const end = this.#window.position + rest
    const start = this.#blockStart < 0 ? this.#window.position : this.#blockStart
    this.#sink({ kind: 'discarded', payload: wellFormed(this.#data.view()), start, end, truncated: true })
  }

  #scan(): void {
    const window = this.#window
    const { view } = window
    if (this.#skipLf) {
      this.#skipLf = false
      if (view[0] === LF) {
        this.#usesCrlf = true
        window.head = 1
      }
    }
    let from = Math.max(window.head, window.fresh)
    const lineFeeds = new LineFeeds(view)
    let lf = lineFeeds.next(from)
    let cr = indexOf(view, CR, from)
    while (lf < view.length || cr < view.length) {
      const eol = Math.min(lf, cr)
      from = eol + 1
      if (view[from] === LF && eol === lf && this.#mayBePlain && startsWith(view, window.head, DATA)) {
        from = this.#readPlain(lineFeeds, eol, cr)
        if (from > window.head) {
          window.head = from
          lf = lineFeeds.next(from)
          continue
        }
        from = eol + 1
      }
      if (eol === cr) {
        if (from === view.length) {
          this.#skipLf = true
        } else if (lf === from) {
          this.#usesCrlf = true
          from++
        }
      }
      this.#line(view, window.head, eol, window.base + from)
      window.head = from
      if (lf < from) lf = lineFeeds.next(from)
      if (cr < from) cr = indexOf(view, CR, from)
    }
  }

  /** Whether the line begins a block, and the stream has no last event ID. */
  get #mayBePlain(): boolean {
    if (this.#onBatch === undefined || this.#blockStart >= 0 || this.#pending || this.#firstLine) return false
    return this.#ignored === 0 && this.#idBuffer === '' && !this.#ownId
  }

  /** Reads plain events before `end`; the line of the first ends at `firstEnd`. Returns where they end. */
  #readPlain(lineFeeds: LineFeeds, firstEnd: number, end: number): number {
    const { head: first, base } = this.#window
    const limit = this.#limit
    const past = this.#plain.read(lineFeeds, { first, firstEnd, end, limit, base })
    if (past > first) this.#undispatched = ''
    if (this.#plain.isFull) this.#flush()
    return past
  }

  #flush(): void {
    const { count, starts, sizes, from, to } = this.#plain
    if (count === 0) return
    const { view } = this.#window
    const last = count - 1
    this.#plain.count = 0
    // Only ASCII bytes separate the events, so no character can span two of them.
    if (isValidUtf8(view.subarray(starts[0], (starts[last] ?? 0) + (sizes[last] ?? 0)))) {
      this.#onBatch?.({ count, bytes: view, starts, sizes, from, to })
      return
    }
    for (let index = 0; index < count; index++) {
      const start = starts[index] ?? 0
      this.#sink({
        kind: 'record',
        payload: wellFormed(view.subarray(start, start + (sizes[index] ?? 0))),
        ...{ start: from[index] ?? 0, end: to[index] ?? 0 },
        ...{ event: 'message', id: '', ownId: false, isText: true },
      })
    }
  }

  /** Reads the line [start, end) of `view`. `next` is the position after its line ending. */
  #line(view: Uint8Array, start: number, end: number, next: number): void {
    let first = start
    if (this.#firstLine) {
      this.#firstLine = false
      if (view[first] === 0xef && view[first + 1] === 0xbb && view[first + 2] === 0xbf) first += 3
    }
    if (end - first > this.#limit + LINE_SLACK) throw tooLarge('line', this.#limit)
    const { base } = this.#window
    if (first === end) {
      this.#dispatch(next)
    } else if (view[first] === COLON) {
      const payload = wellFormed(view.subarray(first + 1, end))
      this.#deliver({ kind: 'comment', payload, start: base + first, end: next })
    } else {
      if (this.#blockStart < 0) this.#blockStart = base + first
      this.#field(view, first, end)
    }
  }

  #field(view: Uint8Array, start: number, end: number): void {
    for (const { name, bytes } of FIELDS) {
      const colon = start + bytes.length
      if (colon > end || (colon < end && view[colon] !== COLON) || !startsWith(view, start, bytes)) continue
      let value = Math.min(colon + 1, end)
      if (value < end && view[value] === SPACE) value++
      this.#process(name, view.subarray(value, end))
      return
    }
    this.#ignore(view.subarray(start, end))
  }

  /** The standard ignores lines that are not known fields. */
  #ignore(line: Uint8Array): void {
    if (this.#ignored++ === 0) this.#firstIgnored = decodeUtf8(line.subarray(0, SAMPLE))
  }

  /** A phrase about the lines that were ignored; undefined if there are none. */
  #oddities(): readonly string[] | undefined {
    if (this.#ignored === 0) return undefined
    const more = this.#ignored === 1 ? '' : `, and ${this.#ignored - 1} more`
    return [`a line that is not a field of event streams was ignored: ${this.#firstIgnored}${more}`]
  }

  #process(name: (typeof FIELDS)[number]['name'], value: Uint8Array): void {
    switch (name) {
      case 'data':
        this.#appendData(value)
        break
      case 'event':
        this.#eventType = decodeUtf8(value)
        break
      case 'id':
        if (value.includes(0)) return
        this.#idBuffer = decodeUtf8(value)
        this.#ownId = true
        break
      case 'retry':
        if (value.length > 0 && value.every((byte) => byte >= 0x30 && byte <= 0x39)) {
          this.#retry = Math.min(Number(decodeUtf8(value)), Number.MAX_SAFE_INTEGER)
        }
        return
    }
    this.#pending = true
  }

  #appendData(value: Uint8Array): void {
    if (this.#hasData) {
      this.#settleData()
      this.#data.appendByte(LF)
      this.#data.append(value)
    } else {
      this.#hasData = true
      this.#singleLine = value
    }
    if ((this.#singleLine ?? this.#data).length > this.#limit) throw tooLarge('event', this.#limit)
  }

  /** Copies data that is still a view of the chunk. */
  #settleData(): void {
    if (this.#singleLine === undefined) return
    this.#data.append(this.#singleLine)
    this.#singleLine = undefined
  }

  #deliver(record: StreamRecord): void {
    this.#flush()
    this.#sink(this.#skipLf && this.#usesCrlf ? { ...record, awaitsLf: true } : record)
  }

  #dispatch(end: number): void {
    this.#lastEventId = this.#idBuffer
    if (this.#pending) this.#undispatched = this.#hasData ? '' : this.#eventType
    if (this.#hasData) {
      const oddities = this.#oddities()
      this.#ignored = 0
      this.#deliver({
        kind: 'record',
        payload: wellFormed(this.#singleLine ?? this.#data.view()),
        start: this.#blockStart,
        end,
        event: this.#eventType || 'message',
        id: this.#lastEventId,
        ownId: this.#ownId,
        isText: true,
        ...(oddities && { oddities }),
      })
    }
    this.#blockStart = -1
    this.#pending = false
    this.#hasData = false
    this.#singleLine = undefined
    this.#data.clear()
    this.#eventType = ''
    this.#ownId = false
  }
}

/** Like `indexOfByte`, but the array's length if there is none. */
function indexOf(view: Uint8Array, byte: number, from: number): number {
  const index = indexOfByte(view, byte, from)
  return index < 0 ? view.length : index
}
