import { indexOfByte, startsWith } from './byte-search.ts'
import { type ParserOptions, type RecordParser, type RecordSink, tooLarge } from './record.ts'
import { Window } from './window.ts'

const LF = 0x0a
const CR = 0x0d
const DASH = 0x2d
const NOTHING = new Uint8Array(0)
/** Largest header section of a part, or line before the first part, in bytes. */
const MAX_HEAD = 64 * 1024
/** Longest line of a delimiter inside a part, in bytes. */
const MAX_LINE = 1024
const NO_MULTIPART = 'check that the body is multipart, or name another framing'
/** The beginning of a part without a boundary: a `Content-` field (RFC 2046 section 5.1) or an `X-` field. */
const PART_FIELD = /^(?:content|x)-[\w-]+[ \t]*:/i

export interface MultipartOptions extends ParserOptions {
  /** The `boundary` of the content type; undefined to use the body's first line that begins with `--`. */
  readonly boundary: string | undefined
}

type Delimiter = 'part' | 'close'

/**
 * Multipart bodies (RFC 2046 section 5.1), mixed and x-mixed-replace. A record is a part: from its headers to the next
 * delimiter, even if its `content-length` says otherwise, which is reported as an oddity. At a lull, a part that has
 * reached that length is delivered, because many servers send the delimiter only with the next part. The span of a part
 * begins at the end of the part before. Lines may end with LF alone.
 */
export class MultipartParser implements RecordParser {
  readonly #limit: number
  readonly #sink: RecordSink
  readonly #window = new Window()
  /** `delimiter`: after a boundary, before the end of its line. */
  #state: 'preamble' | 'headers' | 'body' | 'delimiter' | 'epilogue' = 'preamble'
  /** Possible delimiters: one after the first was seen; none until one is learned from the body. */
  #delimiters: Uint8Array[]
  /** Bytes before the first delimiter. */
  #preamble = 0
  /** Bytes after the closing delimiter, without leading white space. */
  #epilogue = 0
  #headers: Record<string, string> = {}
  #headSize = 0
  #oddities: string[] = []
  #length: number | undefined
  /** The body was delivered at a lull. Only a line ending should remain before the delimiter. */
  #isDelivered = false
  /** How many bytes of the body were searched for a delimiter, and whether one may begin there. */
  #searched = 0
  #mayBegin = true
  #start = 0

  constructor(options: MultipartOptions, sink: RecordSink) {
    this.#limit = options.maxRecordSize
    this.#sink = sink
    const { boundary } = options
    // Some servers include the leading dashes in the boundary parameter.
    const names =
      boundary === undefined
        ? []
        : boundary.startsWith('--')
          ? [`--${boundary}`, boundary]
          : [`--${boundary}`]
    this.#delimiters = names.map((name) => new TextEncoder().encode(name))
  }

  /** Bytes after the closing boundary, which RFC 2046 section 5.1.1 ignores. */
  get remark(): string | undefined {
    return this.#epilogue > 0
      ? `${this.#epilogue} bytes after the closing boundary do not belong to any part`
      : undefined
  }

  get pending(): number | undefined {
    return this.#hasItsLength() ? this.#window.position : undefined
  }

  push(chunk: Uint8Array): void {
    this.#window.add(chunk)
    while (this.#step());
    this.#window.keep()
  }

  lull(): void {
    if (!this.#hasItsLength()) return
    const window = this.#window
    window.add(NOTHING)
    const end = window.head + (this.#length ?? 0)
    this.#deliver(window.view.subarray(window.head, end), window.base + end, false)
    window.head = end
    this.#isDelivered = true
    this.#searched = 0
    this.#mayBegin = true
    window.keep()
  }

  end(): void {
    const window = this.#window
    const { view, head } = window
    const end = window.position + window.length
    if (this.#state === 'preamble') this.#endPreamble(end)
    else if (this.#state === 'headers' && (this.#headSize > 0 || window.length > 0)) {
      if (this.#delimiterAt(head, view.length) !== 'close') this.#deliver(NOTHING, end, true)
    } else if (this.#state === 'body') {
      const length = this.#length ?? 0
      const at = head + this.#searched
      if (this.#hasItsLength())
        this.#deliver(view.subarray(head, head + length), window.position + length, false)
      else if (this.#mayBegin && this.#delimiterAt(at, view.length) !== undefined) this.#deliverBody(at)
      else if (!this.#isDelivered || !this.#beginsDelimiter(view.subarray(head)))
        this.#deliver(view.subarray(head), end, true)
    }
    this.#state = 'epilogue'
  }

  /** The body ended before any part: reports its bytes as discarded. */
  #endPreamble(end: number): void {
    const { view, head } = this.#window
    if (this.#delimiterAt(head, view.length) !== undefined) return
    if (this.#preamble === 0 && view.subarray(head).every(isBlank)) return
    const record = { kind: 'discarded' as const, payload: NOTHING, start: 0, end }
    this.#sink({ ...record, framing: 'multipart', truncated: true })
  }

  /** Takes one step. Returns false if it needs more bytes. */
  #step(): boolean {
    switch (this.#state) {
      case 'preamble':
        return this.#readPreamble()
      case 'headers':
        return this.#readHeader()
      case 'body':
        return this.#search()
      case 'delimiter':
        return this.#endDelimiter()
      case 'epilogue':
        this.#skipEpilogue()
        return false
    }
  }

  #skipEpilogue(): void {
    const window = this.#window
    const rest = window.view.subarray(window.head)
    if (this.#epilogue > 0) this.#epilogue += rest.length
    else {
      const from = rest.findIndex((byte) => byte !== LF && !isBlank(byte))
      if (from >= 0) this.#epilogue = rest.length - from
    }
    window.head = window.view.length
  }

  #readPreamble(): boolean {
    const window = this.#window
    const lf = this.#lineEnd()
    if (lf < 0) return false
    const found = this.#delimiterAt(window.head, lf)
    const line = window.view.subarray(window.head, lf)
    if (found === undefined && this.#preamble === 0 && this.#delimiters.length > 0 && isPartField(line)) {
      this.#begin('part')
      this.#oddities.push('it is not preceded by a boundary')
      return true
    }
    window.head = lf + 1
    if (found !== undefined) {
      this.#begin(found)
      if (this.#preamble > 0)
        this.#oddities.push(`${this.#preamble} bytes before the first boundary do not belong to any part`)
    } else if (this.#preamble > 0 || !line.every(isBlank)) this.#preamble += line.length + 1
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
      const length = this.#headers['content-length']
      this.#state = 'body'
      this.#length = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined
      this.#isDelivered = false
      this.#searched = 0
      this.#mayBegin = true
      return true
    }
    this.#headSize += line.length
    if (this.#headSize > MAX_HEAD) throw tooLarge('part header', MAX_HEAD, NO_MULTIPART)
    const colon = text.indexOf(':')
    if (colon > 0) this.#headers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim()
    return true
  }

  /**
   * Searches for a delimiter at the beginning of each line of the body, and where the body has its length. A delimiter
   * counts as soon as its boundary is complete (RFC 2046 section 5.1.1), because a server may send the end of that line
   * only with the next part, as Nchan does.
   */
  #search(): boolean {
    const window = this.#window
    const { view, head } = window
    const whole = this.#isDelivered ? head : head + (this.#length ?? 0)
    let at = head + this.#searched
    while (true) {
      if (this.#mayBegin) {
        const found = this.#boundaryAt(at, at < whole)
        if (found === 'cut') break
        if (found !== undefined) {
          this.#deliverBody(at)
          window.head = at + found.length
          this.#delimiters = [found]
          this.#state = 'delimiter'
          return true
        }
      }
      const lf = indexOfByte(view, LF, at)
      const next = lf < 0 ? view.length : lf + 1
      const isLength = at < whole && whole <= next
      this.#mayBegin = isLength || lf >= 0
      at = isLength ? whole : next
      if (lf < 0 && !isLength) break
    }
    this.#searched = at - head
    if (this.#searched > this.#limit + 2) throw tooLarge('part', this.#limit)
    if (window.length > this.#limit + MAX_HEAD) throw tooLarge('part', this.#limit)
    return false
  }

  /**
   * The delimiter at that place; `cut` if the bytes end inside a possible one. `strictly` applies within the length that
   * the body should have: the line must not contain anything else.
   */
  #boundaryAt(at: number, strictly: boolean): Uint8Array | 'cut' | undefined {
    const { view } = this.#window
    let isCut = false
    for (const delimiter of this.#delimiters) {
      const there = Math.min(delimiter.length, view.length - at)
      if (!startsWith(view, at, delimiter, there)) continue
      const lineEnd = strictly ? indexOfByte(view, LF, at) : at
      if (there < delimiter.length || (lineEnd < 0 && view.length - at < MAX_LINE)) isCut = true
      else if (!strictly || (lineEnd >= 0 && this.#delimiterAt(at, lineEnd) !== undefined)) return delimiter
    }
    return isCut ? 'cut' : undefined
  }

  /** Whether the body has reached the length in its header, and what follows may be a delimiter. */
  #hasItsLength(): boolean {
    const { view, head } = this.#window
    const length = this.#length
    if (this.#state !== 'body' || this.#isDelivered || length === undefined) return false
    if (head + length > view.length || !this.#beginsDelimiter(view.subarray(head + length))) return false
    // A boundary before that decides, even if the end of its line is missing.
    const at = head + this.#searched
    return (
      at >= head + length ||
      !this.#mayBegin ||
      !this.#delimiters.some((delimiter) => startsWith(view, at, delimiter))
    )
  }

  /** Whether the bytes are the beginning of a delimiter, with or without the line ending before it. */
  #beginsDelimiter(bytes: Uint8Array): boolean {
    if (bytes.length === 1 && bytes[0] === CR) return true
    const from = bytes[0] === LF ? 1 : bytes[0] === CR && bytes[1] === LF ? 2 : 0
    return this.#delimiters.some(
      (delimiter) =>
        bytes.length - from <= delimiter.length && startsWith(bytes, from, delimiter, bytes.length - from),
    )
  }

  /** Two dashes after the boundary close the body. Anything else up to the end of the line is padding. */
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
    this.#oddities = []
  }

  /** Index of the LF that ends the line at the window's head, or -1. */
  #lineEnd(): number {
    const window = this.#window
    const lf = indexOfByte(window.view, LF, Math.max(window.head, window.fresh))
    if (lf < 0 && window.length > MAX_HEAD) throw tooLarge('line between parts', MAX_HEAD, NO_MULTIPART)
    return lf
  }

  /** Which delimiter the line [start, end) is. Only white space may follow it. */
  #delimiterAt(start: number, end: number): Delimiter | undefined {
    const { view } = this.#window
    let stop = end
    while (stop > start && isBlank(view[stop - 1])) stop--
    if (this.#delimiters.length === 0) this.#learn(view.subarray(start, stop))
    for (const delimiter of this.#delimiters) {
      const after = start + delimiter.length
      if (after > stop || !startsWith(view, start, delimiter)) continue
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

  /** Delivers the body before the delimiter at `at`, without the line ending that belongs to the delimiter. */
  #deliverBody(at: number): void {
    const { view, head, base } = this.#window
    const length = this.#length
    let end = at
    if (end > head && view[end - 1] === LF) end--
    if (end > head && view[end - 1] === CR) end--
    if (this.#isDelivered) {
      if (end === head) return
      this.#oddities = [
        `it continues the part before, which is longer than the ${length} bytes of its Content-Length`,
      ]
    } else if (length !== undefined && head + length >= end && head + length <= at) end = head + length
    else if (length !== undefined)
      this.#oddities.push(
        `its Content-Length is ${length}, but its boundary follows after ${end - head} bytes`,
      )
    this.#deliver(view.subarray(head, end), base + end, false)
  }

  #deliver(payload: Uint8Array, end: number, truncated: boolean): void {
    if (payload.length > this.#limit) throw tooLarge('part', this.#limit)
    const record = { kind: 'record' as const, payload, start: this.#start, end, headers: this.#headers }
    const oddities = this.#oddities
    this.#start = end
    this.#sink({ ...record, ...(truncated && { truncated }), ...(oddities.length > 0 && { oddities }) })
  }
}

function isPartField(line: Uint8Array): boolean {
  return PART_FIELD.test(Buffer.from(line.subarray(0, 80)).toString('latin1'))
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === CR
}
