import { indexOfByte } from './index-of.ts'
import { type ParserOptions, type RecordParser, type RecordSink, tooLarge } from './record.ts'
import { Window } from './window.ts'

const LF = 0x0a
const CR = 0x0d
const DASH = 0x2d
/** Bytes a part's header section, or a line before the first part, may have. */
const MAX_HEAD = 64 * 1024
const NO_MULTIPART = 'check that the body is multipart, or name another framing'

export interface MultipartOptions extends ParserOptions {
  /** The content type's `boundary`; absent: taken from the body's first line that begins with `--`. */
  readonly boundary: string | undefined
}

type Delimiter = 'part' | 'close'

/**
 * Multipart bodies, RFC 2046 section 5.1, mixed and x-mixed-replace. A part is a record: delivered with
 * the delimiter that follows it, or with its last byte where it names its `content-length`. Its span runs
 * from the end of the part before. Lines may end with LF alone.
 */
export class MultipartParser implements RecordParser {
  readonly #limit: number
  readonly #sink: RecordSink
  readonly #window = new Window()
  /** `between` is before the first part, and after one whose length was known; `delimiter` is inside its line. */
  #state: 'between' | 'headers' | 'body' | 'delimiter' | 'epilogue' = 'between'
  /** What a delimiter may look like; one of them once the first has been seen, none until one is learnt. */
  #delimiters: Uint8Array[]
  #headers: Record<string, string> = {}
  #headSize = 0
  #length: number | undefined
  /** How much of the body was searched for a delimiter, and whether a line begins there. */
  #searched = 0
  #atLineStart = true
  #start = 0

  constructor(options: MultipartOptions, sink: RecordSink) {
    this.#limit = options.maxRecordSize
    this.#sink = sink
    const { boundary } = options
    // Some servers count the leading dashes into the boundary they name.
    const names =
      boundary === undefined
        ? []
        : boundary.startsWith('--')
          ? [`--${boundary}`, boundary]
          : [`--${boundary}`]
    this.#delimiters = names.map((name) => new TextEncoder().encode(name))
  }

  push(chunk: Uint8Array): void {
    this.#window.add(chunk)
    while (this.#step());
    this.#window.keep()
  }

  end(): void {
    const window = this.#window
    if (this.#state === 'headers' && (this.#headSize > 0 || window.length > 0)) {
      if (this.#delimiterAt(window.head, window.view.length) !== 'close') {
        this.#deliver(new Uint8Array(0), window.position + window.length, true)
      }
    } else if (this.#state === 'body') {
      this.#deliver(window.view.subarray(window.head), window.position + window.length, true)
    }
    this.#state = 'epilogue'
  }

  /** Takes one step; false where it needs more bytes. */
  #step(): boolean {
    switch (this.#state) {
      case 'between':
        return this.#skipLine()
      case 'headers':
        return this.#readHeader()
      case 'body':
        return this.#length === undefined ? this.#search() : this.#readLength(this.#length)
      case 'delimiter':
        return this.#endDelimiter()
      case 'epilogue':
        this.#window.head = this.#window.view.length
        return false
    }
  }

  #skipLine(): boolean {
    const window = this.#window
    const lf = this.#lineEnd()
    if (lf < 0) return false
    const found = this.#delimiterAt(window.head, lf)
    window.head = lf + 1
    if (found !== undefined) this.#begin(found)
    return true
  }

  #readHeader(): boolean {
    const window = this.#window
    const lf = this.#lineEnd()
    if (lf < 0) return false
    const line = window.view.subarray(window.head, lf)
    const found = this.#delimiterAt(window.head, lf)
    window.head = lf + 1
    if (found !== undefined) {
      this.#begin(found)
      return true
    }
    const text = new TextDecoder().decode(line).trim()
    if (text === '') {
      this.#state = 'body'
      this.#searched = 0
      this.#atLineStart = true
      const length = this.#headers['content-length']
      this.#length = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined
      if (this.#length !== undefined && this.#length > this.#limit) throw tooLarge('part', this.#limit)
      return true
    }
    this.#headSize += line.length
    if (this.#headSize > MAX_HEAD) throw tooLarge('part header', MAX_HEAD, NO_MULTIPART)
    const colon = text.indexOf(':')
    if (colon > 0) this.#headers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim()
    return true
  }

  #readLength(length: number): boolean {
    const window = this.#window
    if (window.length < length) return false
    const end = window.head + length
    this.#deliver(window.view.subarray(window.head, end), window.base + end, false)
    window.head = end
    this.#state = 'between'
    return true
  }

  /**
   * Looks at every line of the body for a delimiter. It is one once the boundary is there in its entirety
   * (RFC 2046 section 5.1.1): a server may send the end of that line only with the next part (Nchan does).
   */
  #search(): boolean {
    const window = this.#window
    const { view } = window
    const [delimiter = new Uint8Array(0)] = this.#delimiters
    let at = window.head + this.#searched
    while (true) {
      const there = Math.min(delimiter.length, view.length - at)
      if (this.#atLineStart && startsWith(view, at, delimiter, there)) {
        if (there < delimiter.length) break
        this.#deliverBody(at)
        window.head = at + delimiter.length
        this.#state = 'delimiter'
        return true
      }
      const lf = indexOfByte(view, LF, at)
      this.#atLineStart = lf >= 0
      at = lf < 0 ? view.length : lf + 1
      if (lf < 0) break
    }
    this.#searched = at - window.head
    if (this.#searched > this.#limit + 2) throw tooLarge('part', this.#limit)
    if (window.length > this.#limit + MAX_HEAD) throw tooLarge('part', this.#limit)
    return false
  }

  /** Two dashes after the boundary close the body; anything else up to the line's end is padding. */
  #endDelimiter(): boolean {
    const window = this.#window
    const lf = this.#lineEnd()
    if (lf < 0) return false
    const closes = window.view[window.head] === DASH && window.view[window.head + 1] === DASH
    window.head = lf + 1
    this.#begin(closes ? 'close' : 'part')
    return true
  }

  #begin(found: Delimiter): void {
    this.#state = found === 'part' ? 'headers' : 'epilogue'
    this.#headers = {}
    this.#headSize = 0
  }

  /** Index of the LF of the line at the window's head, or -1. */
  #lineEnd(): number {
    const window = this.#window
    const lf = indexOfByte(window.view, LF, Math.max(window.head, window.fresh))
    if (lf < 0 && window.length > MAX_HEAD) throw tooLarge('line between parts', MAX_HEAD, NO_MULTIPART)
    return lf
  }

  /** Which delimiter the line [start, end) is: nothing but white space may follow it. */
  #delimiterAt(start: number, end: number): Delimiter | undefined {
    const { view } = this.#window
    let stop = end
    while (stop > start && isBlank(view[stop - 1])) stop--
    if (this.#delimiters.length === 0) this.#learn(view.subarray(start, stop))
    for (const delimiter of this.#delimiters) {
      const after = start + delimiter.length
      if (after > stop || !startsWith(view, start, delimiter, delimiter.length)) continue
      const closes = stop - after === 2 && view[after] === DASH && view[after + 1] === DASH
      if (after !== stop && !closes) continue
      this.#delimiters = [delimiter]
      return closes ? 'close' : 'part'
    }
    return undefined
  }

  #learn(line: Uint8Array): void {
    // RFC 2046 section 5.1.1: a boundary has 1 to 70 characters.
    if (line[0] === DASH && line[1] === DASH && line.length > 2 && line.length <= 72) {
      this.#delimiters = [line.slice()]
    }
  }

  /** Delivers the body before the delimiter at `at`, without the line ending that belongs to that. */
  #deliverBody(at: number): void {
    const { view, head, base } = this.#window
    let end = at
    if (end > head && view[end - 1] === LF) end--
    if (end > head && view[end - 1] === CR) end--
    this.#deliver(view.subarray(head, end), base + end, false)
  }

  #deliver(payload: Uint8Array, end: number, truncated: boolean): void {
    if (payload.length > this.#limit) throw tooLarge('part', this.#limit)
    const record = { kind: 'record' as const, payload, start: this.#start, end, headers: this.#headers }
    this.#start = end
    this.#sink(truncated ? { ...record, truncated } : record)
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === CR
}

function startsWith(view: Uint8Array, at: number, prefix: Uint8Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (view[at + i] !== prefix[i]) return false
  return true
}
