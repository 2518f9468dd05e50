import { LineFeeds } from './line-feeds.ts'
import { type ParserOptions, type RecordParser, type RecordSink, tooLarge } from './record.ts'
import { Window } from './window.ts'

const CR = 0x0d

export interface LineOptions extends ParserOptions {
  /** Blank lines are keep-alives, not records; their bytes count with the record after them. */
  readonly skipBlank?: boolean
  /** Whether a last line without its line ending is whole all the same. */
  readonly isWhole?: (line: Uint8Array) => boolean
}

/** Lines that end with LF or CRLF; a record is a line without its ending. */
export class LineParser implements RecordParser {
  readonly #options: LineOptions
  readonly #sink: RecordSink
  readonly #window = new Window()
  /** Where the next record's span begins. */
  #start = 0

  constructor(options: LineOptions, sink: RecordSink) {
    this.#options = options
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    const window = this.#window
    window.add(chunk)
    const { view } = window
    const lineFeeds = new LineFeeds(view)
    let lf = lineFeeds.next(window.fresh)
    while (lf < view.length) {
      this.#line(view.subarray(window.head, lf), window.base + lf + 1)
      window.head = lf + 1
      lf = lineFeeds.next(lf + 1)
    }
    window.keep()
    // One byte more: it may be the CR of the line's ending.
    if (window.length > this.#options.maxRecordSize + 1) throw this.#tooLarge()
  }

  end(): void {
    const rest = withoutCr(this.#window.view)
    if (rest.length === 0) return
    const truncated = !this.#options.isWhole?.(rest)
    this.#deliver(rest, this.#window.position + this.#window.length, truncated)
  }

  #line(raw: Uint8Array, end: number): void {
    const line = withoutCr(raw)
    if (this.#options.skipBlank && isBlank(line)) return
    this.#deliver(line, end, false)
  }

  #deliver(payload: Uint8Array, end: number, truncated: boolean): void {
    if (payload.length > this.#options.maxRecordSize) throw this.#tooLarge()
    const record = { kind: 'record' as const, payload, start: this.#start, end }
    this.#start = end
    this.#sink(truncated ? { ...record, truncated } : record)
  }

  #tooLarge(): Error {
    return tooLarge('line', this.#options.maxRecordSize)
  }
}

function withoutCr(line: Uint8Array): Uint8Array {
  return line[line.length - 1] === CR ? line.subarray(0, -1) : line
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09)
}
