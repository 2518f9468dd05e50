/**
 * What came on a connection for one response, seen as it arrives: when, and how its body was framed. The
 * HTTP parser runs later and hides both.
 */

import { ChunkedScanner } from '../../parse/chunked.ts'
import { latin1 } from '../../shared/text/latin1.ts'
import { InterimFilter } from './interim.ts'
import { Shortcut } from './shortcut.ts'

const CR = 0x0d
const LF = 0x0a
const VERSION_LENGTH = 'HTTP/1.1'.length

type State = 'idle' | 'head' | 'unframed' | 'body'

/** The arrivals and the framing of one response. */
export class ResponseWire {
  readonly #maxHeadSize: number
  #state: State = 'idle'
  #headSize = 0
  readonly #interim = new InterimFilter()
  #sawLine = false
  #lineLength = 0
  #onlyCr = false
  #statusLine = ''
  #chunked: ChunkedScanner | undefined
  #bodyLength = 0
  #shortcut: Shortcut | undefined
  /** Bytes that came before it was known how the body is framed. */
  #held: { readonly bytes: Uint8Array; readonly time: number }[] = []
  /** Per arrival: the body length once it was in, and its time. */
  #ends: number[] = []
  #times: number[] = []
  /** Times on the session's clock. */
  firstByteTime: number | undefined
  headTime: number | undefined
  lastTime: number | undefined

  constructor(maxHeadSize: number) {
    this.#maxHeadSize = maxHeadSize
  }

  /** Of the status line (RFC 9112 section 4), such as `1.1`; undefined before it has come. */
  get httpVersion(): string | undefined {
    if (this.#statusLine === 'HTTP/1.1') return '1.1'
    return /^HTTP\/(\d\.\d)/.exec(this.#statusLine)?.[1]
  }

  /** Body bytes that have arrived, whether the HTTP parser has seen them or not. */
  get bodyLength(): number {
    return this.#chunked?.bodyLength ?? this.#bodyLength
  }

  /** The head, or a chunk's size line, is longer than allowed. */
  get overlong(): boolean {
    return this.#headSize + this.#interim.taken > this.#maxHeadSize || this.#chunked?.overlong === true
  }

  /** The request is about to be written: from here on, what arrives belongs to this response. */
  begin(): void {
    this.#state = 'head'
  }

  /** Takes what just arrived; returns what of it the HTTP parser is to have. */
  push(bytes: Uint8Array, time: number): Uint8Array {
    if (this.#state === 'idle') return bytes
    this.firstByteTime ??= time
    this.lastTime = time
    const rest = this.#shortcut?.push(bytes, time) ?? this.#interim.push(bytes)
    if (rest.length > 0) this.#scan(rest, time)
    return rest
  }

  /** The HTTP parser has delivered the body up to a length. */
  delivered(bodyLength: number): void {
    this.#shortcut?.delivered(bodyLength)
  }

  /**
   * Has the chunks of a flood delivered past the HTTP parser. `deliver` returns whether nothing of the data is
   * needed any more; `feed` gives the parser what it is to have after all.
   */
  shorten(deliver: (data: Uint8Array, time: number) => boolean, feed: (bytes: Uint8Array) => void): void {
    if (this.#chunked === undefined) return
    this.#shortcut = new Shortcut(this.#chunked, deliver, (bytes, time) => {
      this.#scan(bytes, time)
      feed(bytes)
    })
  }

  /** The HTTP parser says how the body is framed: in chunks, or by its length or the connection's end. */
  framed(chunked: boolean): void {
    this.#chunked = chunked ? new ChunkedScanner() : undefined
    this.#state = 'body'
    this.#release()
  }

  /** Cuts the body range [start, end) where one arrival ended and the next began; asked in order. */
  arrivals(start: number, end: number, each: (start: number, end: number, time: number) => void): void {
    let from = start
    while (this.#ends.length > 1 && (this.#ends[0] ?? end) < end) {
      const cut = this.#ends.shift() ?? end
      const time = this.#times.shift() ?? this.lastTime ?? 0
      if (cut > from) each(from, cut, time)
      from = Math.max(from, cut)
    }
    if (end > from) each(from, end, this.#times[0] ?? this.lastTime ?? 0)
  }

  /** See `HttpResponse.wireSpan`. */
  span(start: number, end: number): number | undefined {
    if (this.#chunked !== undefined) return this.#chunked.wireSpan(start, end)
    return this.#state === 'body' && end <= this.#bodyLength ? end - start : undefined
  }

  #release(): void {
    const held = this.#held
    this.#held = []
    for (const { bytes, time } of held) this.#scan(bytes, time)
  }

  #scan(bytes: Uint8Array, time: number): void {
    switch (this.#state) {
      case 'head': {
        const end = this.#scanHead(bytes)
        if (end === undefined) return
        this.headTime = time
        this.#state = 'unframed'
        if (end < bytes.length) this.#held.push({ bytes: bytes.subarray(end), time })
        return
      }
      case 'unframed':
        this.#held.push({ bytes, time })
        return
      default:
        this.#scanBody(bytes, time)
    }
  }

  #scanBody(bytes: Uint8Array, time: number): void {
    const before = this.bodyLength
    if (this.#chunked !== undefined) this.#chunked.push(bytes)
    else this.#bodyLength += bytes.length
    const after = this.bodyLength
    if (after === before) return
    this.#ends.push(after)
    this.#times.push(time)
  }

  /** Where the head ends in `bytes`: after its first empty line. */
  #scanHead(bytes: Uint8Array): number | undefined {
    let at = 0
    for (;;) {
      const lineFeed = bytes.indexOf(LF, at)
      const end = lineFeed < 0 ? bytes.length : lineFeed
      if (!this.#sawLine && this.#statusLine.length < VERSION_LENGTH)
        this.#statusLine += latin1(
          bytes.subarray(at, Math.min(end, at + VERSION_LENGTH - this.#statusLine.length)),
        )
      if (end > at) {
        this.#onlyCr = this.#lineLength === 0 && end - at === 1 && bytes[at] === CR
        this.#lineLength += end - at
      }
      this.#headSize += end - at + 1
      if (lineFeed < 0) return undefined
      const empty = this.#lineLength === 0 || this.#onlyCr
      this.#lineLength = 0
      this.#onlyCr = false
      at = lineFeed + 1
      if (empty) return at
      this.#sawLine = true
    }
  }
}
