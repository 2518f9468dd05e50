/** What the frames of one HTTP/2 stream say: sizes on the connection, and times of arrival. */
import { ChunkLog } from '../../parse/http/chunk-log.ts'
import type { BodyRanges } from '../../parse/record.ts'
import { END_HEADERS, END_STREAM, FRAME, FRAME_HEADER, type Frame } from './frame-head.ts'

/** RFC 9113 section 7. */
const NO_ERROR = 0

/** A header block: the frames HEADERS and CONTINUATION. */
export interface HeaderBlock {
  /** Bytes of its frames. */
  size: number
  /** Session time at which its last frame began to arrive. */
  time: number
}

export class StreamLog {
  /** Bytes of the frames with the request's fields. */
  requestHeadSize = 0
  /** Session time at which the request was written to the connection; undefined before. */
  requestTime: number | undefined
  /** Length of the content of the DATA frames so far. */
  bodyLength = 0
  /** The frame that ends the stream has begun to arrive, and when. */
  #hasEnd = false
  endTime: number | undefined
  /** The code of the RST_STREAM frame of the peer. */
  resetCode: number | undefined
  /** Those that were not asked for yet, oldest first: informational ones, that of the response, and trailers. */
  readonly #blocks: HeaderBlock[] = []
  #isBlockOpen = false
  #frames: ChunkLog | undefined
  /** The latest frame is done; its content begins at the length of the body so far. */
  #announced = 0
  /** The DATA frames that were sent; undefined if nobody asks for them. */
  #sentFrames: ChunkLog | undefined
  #onSent: () => void = () => {}
  /** Length of the content of the DATA frames that were sent, since that is wanted. */
  sentLength = 0
  /** Up to where the body had arrived at which time, of what was not asked for yet. */
  #arrivals: { end: number; readonly time: number }[] = []
  #latest = 0

  /** The peer has ended the stream, in order or not. */
  get isOver(): boolean {
    return this.#hasEnd || this.resetCode !== undefined
  }

  /** How the peer has ended the stream; undefined if it has not, or by an error. Node.js servers may end it by a reset without an error. */
  get end(): 'flag' | 'reset' | undefined {
    if (this.resetCode !== undefined && this.resetCode !== NO_ERROR) return undefined
    if (this.#hasEnd) return 'flag'
    return this.resetCode === NO_ERROR ? 'reset' : undefined
  }

  /** A frame from the peer. */
  received({ type, flags, length, padding, errorCode }: Frame, time: number): void {
    if (type === FRAME.rstStream) {
      this.resetCode ??= errorCode
      this.endTime ??= time
    } else if (type === FRAME.data) this.#addData(length, padding)
    else if (type === FRAME.headers || type === FRAME.continuation) this.#addFields(flags, length, time)
    if ((type === FRAME.data || type === FRAME.headers) && flags & END_STREAM) {
      this.#hasEnd = true
      this.endTime ??= time
    }
  }

  /** A frame to the peer. */
  sent({ type, length, padding }: Frame, time: number): void {
    if (type === FRAME.data) this.#addSent(length - padding, padding)
    if (type !== FRAME.headers && type !== FRAME.continuation) return
    this.requestTime ??= time
    this.requestHeadSize += FRAME_HEADER + length
  }

  /** Remembers the DATA frames to the peer from now on, for `sentSpan`, and calls `onSent` after each. */
  watchSent(onSent: () => void): void {
    this.#sentFrames = new ChunkLog(0)
    this.#onSent = onSent
  }

  /** More of the body has arrived. */
  content(size: number, time: number): void {
    this.bodyLength += size
    this.#latest = time
    const last = this.#arrivals.at(-1)
    if (last !== undefined && last.time === time) last.end = this.bodyLength
    else this.#arrivals.push({ end: this.bodyLength, time })
  }

  /** More of the body has arrived that nobody asks the time of. */
  taken(size: number): void {
    this.bodyLength += size
  }

  /** The oldest header block that was not asked for; undefined if none has arrived. */
  nextBlock(): HeaderBlock | undefined {
    return this.#blocks.shift()
  }

  /** When the byte before offset `end` of the body arrived. Forgets what precedes it. */
  arrivalOf(end: number): number {
    while ((this.#arrivals[0]?.end ?? Number.POSITIVE_INFINITY) < end) this.#arrivals.shift()
    return this.#arrivals[0]?.time ?? this.#latest
  }

  /**
   * Wire size of the body range [start, end): the header of a DATA frame and its padding count with the first byte of its
   * content. Ranges must be requested in order; what precedes `start` is forgotten. Undefined if the range has not arrived, or is
   * forgotten.
   */
  wireSpan(start: number, end: number): number | undefined {
    if (end > this.bodyLength) return undefined
    const framing = this.#frames?.framing(start, end) ?? (end === start ? 0 : undefined)
    return framing === undefined ? undefined : end - start + framing
  }

  /** As `wireSpan`, for many ranges. Returns false if they have to be asked for one by one. */
  wireSpans(ranges: BodyRanges, into: Uint32Array): boolean {
    if ((ranges.to[ranges.count - 1] ?? 0) > this.bodyLength) return false
    return this.#frames?.sizes(ranges, into) === true
  }

  /** As `wireSpan`, for what was sent. */
  sentSpan(start: number, end: number): number | undefined {
    if (end > this.sentLength) return undefined
    const framing = this.#sentFrames?.framing(start, end)
    return framing === undefined ? undefined : end - start + framing
  }

  #addSent(content: number, padding: number): void {
    if (content <= 0 || this.#sentFrames === undefined) return
    this.#sentFrames.add(this.sentLength, content, FRAME_HEADER + padding)
    this.sentLength += content
    this.#onSent()
  }

  #addData(length: number, padding: number): void {
    const content = length - padding
    // An empty frame, such as one that only ends the stream, belongs to no part of the body.
    if (content <= 0) return
    this.#frames ??= new ChunkLog(0)
    this.#frames.add(this.#announced, content, FRAME_HEADER + padding)
    this.#announced += content
  }

  #addFields(flags: number, length: number, time: number): void {
    const size = FRAME_HEADER + length
    const block = this.#isBlockOpen ? this.#blocks.at(-1) : undefined
    if (block === undefined) this.#blocks.push({ size, time })
    else {
      block.size += size
      block.time = time
    }
    this.#isBlockOpen = (flags & END_HEADERS) === 0
  }
}
