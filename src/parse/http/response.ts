/**
 * A reader of HTTP/1.1 responses (RFC 9112) from the bytes of a connection, in any split. It is as lenient as browsers
 * and curl, and reports deviations as oddities. It reads one final response and skips informational ones before it.
 */
import type { Headers } from '../../shared/headers.ts'
import type { BodyRanges } from '../record.ts'
import type { BodyFraming } from './body-framing.ts'
import { ChunkedDecoder } from './chunked.ts'
import { cutIn, MalformedResponse } from './malformed.ts'
import { LatestHead, type ResponseHead, readHead } from './response-head.ts'
import { parseFields, SectionReader, splitLines } from './section.ts'

/** Largest head of a response, with the informational ones before it, and largest trailer section, in bytes. */
export const MAX_HEAD_SIZE = 64 * 1024

/** RFC 9112 section 4. SHOUTcast servers say ICY. The reason phrase and the space before it may be missing. */
const STATUS_LINE = /^(?:HTTP\/(\d\.\d)|ICY) +([1-9]\d\d)(?: |$)/
const STATUS_BEGINS = ['HTTP/', 'ICY ']
const SWITCHING_PROTOCOLS = 101

export interface ResponseSink {
  head(head: ResponseHead): void
  /** The next bytes of the body, as a view of the pushed bytes. */
  data(bytes: Uint8Array): void
  /** The response is complete, with its trailers, if any (RFC 9112 section 7.1.2). */
  end(trailers: Headers | undefined): void
}

interface Section {
  readonly lines: readonly string[]
  readonly oddities: readonly string[]
  readonly end: number
}

/** Shared by all responses of the thread, since one of them is read at a time. */
const latestHead = new LatestHead()

type State = 'head' | BodyFraming['kind'] | 'trailers' | 'over'

export class ResponseReader {
  readonly #method: string
  readonly #sink: ResponseSink
  readonly #switches: boolean
  #state: State = 'head'
  readonly #section = new SectionReader()
  /** Size of the heads so far, or of the trailers. */
  #sectionBytes = 0
  #left = 0
  #bodyLength = 0
  #chunked: ChunkedDecoder | undefined

  /**
   * `method` is that of the request, which determines whether the response has a body. `switches`: the request asks for another
   * protocol, so that a response 101 is a final one. What follows it is not HTTP.
   */
  constructor(method: string, sink: ResponseSink, { switches = false } = {}) {
    this.#method = method
    this.#sink = sink
    this.#switches = switches
  }

  /** Length of the body so far, without framing. */
  get bodyLength(): number {
    return this.#chunked?.bodyLength ?? this.#bodyLength
  }

  /** The response is complete. */
  get isOver(): boolean {
    return this.#state === 'over'
  }

  /** A chunk's size line deviates from RFC 9112. */
  get hasOddChunks(): boolean {
    return this.#chunked?.isOdd === true
  }

  /** See `ChunkedDecoder.wireSpan`. Without chunks, the wire size is the size of the range. */
  wireSpan(start: number, end: number): number | undefined {
    if (this.#chunked !== undefined) return this.#chunked.wireSpan(start, end)
    return end <= this.#bodyLength ? end - start : undefined
  }

  /** As `wireSpan`, for many ranges. Returns false if they have to be asked for one by one. */
  wireSpans(ranges: BodyRanges, into: Uint32Array): boolean {
    return this.#chunked?.wireSpans(ranges, into) === true
  }

  /**
   * Reads the next bytes of the connection, which it may overwrite, and delivers what they contain. Returns how many of
   * them belong to the response. Delivers everything before an error, then throws a `MalformedResponse`.
   */
  push(bytes: Uint8Array): number {
    let at = 0
    while (this.#state !== 'over') {
      if (at === bytes.length) return at
      switch (this.#state) {
        case 'head':
          at = this.#readHead(bytes, at)
          break
        case 'trailers':
          at = this.#readTrailers(bytes, at)
          break
        case 'chunked':
          at = this.#readChunks(bytes, at)
          break
        default:
          at = this.#readPlain(bytes, at)
      }
    }
    return at
  }

  /** The connection has ended. Throws a `MalformedResponse` if the response is incomplete. */
  finish(): void {
    const cut = cutIn(this.#state)
    if (cut !== undefined) throw cut
    if (this.#state === 'close') this.#end(undefined)
  }

  #readPlain(bytes: Uint8Array, at: number): number {
    const isCounted = this.#state === 'length'
    const end = isCounted ? Math.min(bytes.length, at + this.#left) : bytes.length
    this.#left -= end - at
    this.#bodyLength += end - at
    this.#sink.data(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end))
    if (isCounted && this.#left === 0) this.#end(undefined)
    return end
  }

  #readChunks(bytes: Uint8Array, at: number): number {
    const chunked = this.#chunked
    if (chunked === undefined) return bytes.length
    const own = at === 0 ? bytes : bytes.subarray(at)
    const length = chunked.push(own)
    if (length > 0) this.#sink.data(own.subarray(0, length))
    if (chunked.fault !== undefined) throw chunked.fault
    if (chunked.done) {
      this.#state = 'trailers'
      this.#sectionBytes = 0
    }
    return at + chunked.rest
  }

  #readTrailers(bytes: Uint8Array, at: number): number {
    const section = this.#readSection(bytes, at)
    if (section === undefined) return bytes.length
    this.#end(section.lines.length === 0 ? undefined : parseFields(section.lines))
    return section.end
  }

  #readHead(bytes: Uint8Array, at: number): number {
    const isWhole = this.#section.isEmpty
    const kept = isWhole ? latestHead.at(this.#method, bytes, at) : undefined
    if (kept !== undefined) {
      this.#count(kept.size)
      this.#begin(this.#sectionBytes === kept.size ? kept : { ...kept, size: this.#sectionBytes })
      return at + kept.size
    }
    const section = this.#readSection(bytes, at)
    if (section === undefined) {
      if (!isStatusLineSoFar(this.#section.beginning)) throw notSpoken()
      return bytes.length
    }
    const { lines, oddities, end } = section
    // RFC 9112 section 2.2: an empty line before the status line is ignored.
    if (lines.length === 0) return end
    const match = STATUS_LINE.exec(lines[0] ?? '')
    if (match === null) throw notSpoken()
    const status = Number(match[2])
    const isSwitch = status === SWITCHING_PROTOCOLS
    if (status >= 200 || (isSwitch && this.#switches)) {
      const head = readHead(this.#method, match[1] ?? '1.0', status, lines, oddities)
      if (isWhole && !isSwitch) latestHead.keep(this.#method, bytes, at, end, head)
      this.#begin({ ...head, size: this.#sectionBytes })
    } else if (isSwitch)
      throw new MalformedResponse('HTTP_INVALID', 'a switch to a protocol that was not requested')
    return end
  }

  #begin(head: ResponseHead): void {
    const { kind, length } = head.framing
    if (kind === 'chunked') this.#chunked = new ChunkedDecoder()
    this.#left = length ?? 0
    this.#state = length === 0 ? 'over' : kind
    this.#sink.head(head)
    if (length === 0) this.#sink.end(undefined)
  }

  /** Counts bytes of the current section. */
  #count(size: number): void {
    this.#sectionBytes += size
    if (this.#sectionBytes > MAX_HEAD_SIZE)
      throw new MalformedResponse(
        'HTTP_OVERLONG',
        `${this.#state === 'head' ? 'header fields' : 'trailers'} of more than 64 KiB`,
      )
  }

  /** The lines of the current section and where it ends; undefined if it continues after `bytes`. */
  #readSection(bytes: Uint8Array, at: number): Section | undefined {
    const taken = this.#section.take(bytes, at)
    const end = taken?.end ?? bytes.length
    this.#count(end - at)
    if (taken === undefined) return undefined
    // A reason phrase may contain any bytes.
    const fieldsAt = this.#state === 'head' ? taken.lines.indexOf('\n') : 0
    return { ...splitLines(taken.lines, fieldsAt), end }
  }

  #end(trailers: Headers | undefined): void {
    this.#state = 'over'
    this.#sink.end(trailers)
  }
}

/** Whether the text may be the beginning of a status line. */
function isStatusLineSoFar(text: string): boolean {
  return text === '\r' || STATUS_BEGINS.some((begin) => begin.startsWith(text.slice(0, begin.length)))
}

function notSpoken(): MalformedResponse {
  return new MalformedResponse('HTTP_NOT_SPOKEN', 'Expected HTTP/')
}
