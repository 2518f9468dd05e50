import { isJson } from '../shared/text/json-text.ts'
import { LineFeeds } from './byte-search.ts'
import { isSelfDelimiting, JSON_ENDS } from './json.ts'
import { type ParserOptions, type RecordParser, type RecordSink, tooLarge } from './record.ts'
import { decodeUtf8, wholeCharacters } from './utf8.ts'
import { Window } from './window.ts'

const CR = 0x0d

export interface LineOptions extends ParserOptions {
  /** Blank lines are keep-alives, not records. Their bytes belong to the span of the next record. */
  readonly skipBlank?: boolean
  /** Whether a line may be delivered in the pieces in which it arrives. */
  readonly pieces?: boolean
  /** Whether a line is complete without its line ending; asked at a lull and at the end. */
  readonly isWhole?: (line: Uint8Array) => boolean
}

const NOTHING = new Uint8Array(0)
/** Longest line, in bytes, for which `isWhole` is called at a lull. */
const MAX_CHECKED = 1024 * 1024

/**
 * Lines that end with LF or CRLF. A record is a line without its ending.
 *
 * Text may be delivered in pieces: at a lull inside a line, the piece that has arrived becomes a record, and so does each
 * chunk after it, until a chunk contains several lines.
 */
export class LineParser implements RecordParser {
  readonly #options: LineOptions
  readonly #sink: RecordSink
  readonly #window = new Window()
  /** Position at which the span of the next record begins. */
  #start = 0
  #isInPieces = false

  constructor(options: LineOptions, sink: RecordSink) {
    this.#options = options
    this.#sink = sink
  }

  get pending(): number | undefined {
    const { pieces, isWhole } = this.#options
    const { view, length, position } = this.#window
    if (length === 0) return undefined
    return pieces || (isWhole !== undefined && length <= MAX_CHECKED && JSON_ENDS.has(view.at(-1) ?? 0))
      ? position
      : undefined
  }

  push(chunk: Uint8Array): void {
    const window = this.#window
    window.add(chunk)
    const { view } = window
    let lines = 0
    const lineFeeds = new LineFeeds(view)
    let lf = lineFeeds.next(window.fresh)
    while (lf < view.length) {
      this.#line(view.subarray(window.head, lf), window.base + lf + 1)
      window.head = lf + 1
      lf = lineFeeds.next(lf + 1)
      lines++
    }
    if (lines > 1) this.#isInPieces = false
    if (this.#isInPieces) this.#piece()
    window.keep()
    // One byte more is allowed, because it may be the CR of the line ending.
    if (window.length > this.#options.maxRecordSize + 1) throw this.#tooLarge()
  }

  lull(): void {
    if (this.pending === undefined) return
    const window = this.#window
    window.add(NOTHING)
    if (this.#options.pieces) {
      this.#isInPieces = true
      this.#piece()
    } else if (this.#options.isWhole?.(window.view)) {
      this.#deliver(window.view, window.position + window.length, false)
      window.head = window.view.length
    }
    window.keep()
  }

  end(): void {
    const window = this.#window
    if (this.#options.pieces) {
      if (window.length > 0) this.#deliver(window.view, window.position + window.length, false, 'raw')
      return
    }
    const rest = withoutCr(window.view)
    if (rest.length === 0) return
    const truncated = !this.#options.isWhole?.(rest)
    this.#deliver(rest, this.#window.position + this.#window.length, truncated)
  }

  #line(raw: Uint8Array, end: number): void {
    const line = withoutCr(raw)
    if (this.#options.skipBlank && isBlank(line)) return
    this.#deliver(line, end, false)
  }

  /** Delivers the piece of a line that has arrived, up to its last complete character. */
  #piece(): void {
    const window = this.#window
    const rest = window.view.subarray(window.head)
    const length = wholeCharacters(rest)
    if (length === 0) return
    this.#deliver(rest.subarray(0, length), window.position + length, false, 'raw')
    window.head += length
  }

  #deliver(payload: Uint8Array, end: number, truncated: boolean, framing?: 'raw'): void {
    if (payload.length > this.#options.maxRecordSize) throw this.#tooLarge()
    const record = { kind: 'record' as const, payload, start: this.#start, end }
    this.#start = end
    if (framing !== undefined) this.#sink({ ...record, framing })
    else this.#sink(truncated ? { ...record, truncated } : record)
  }

  #tooLarge(): Error {
    return tooLarge('line', this.#options.maxRecordSize)
  }
}

/** Newline-delimited JSON. A last line without a line feed is whole if it is a complete JSON text. */
export class NdjsonParser extends LineParser {
  constructor(options: ParserOptions, sink: RecordSink) {
    super({ maxRecordSize: options.maxRecordSize, skipBlank: true, isWhole: isWholeJson }, sink)
  }
}

function isWholeJson(line: Uint8Array): boolean {
  return isSelfDelimiting(line) && isJson(decodeUtf8(line))
}

function withoutCr(line: Uint8Array): Uint8Array {
  return line[line.length - 1] === CR ? line.subarray(0, -1) : line
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09)
}
