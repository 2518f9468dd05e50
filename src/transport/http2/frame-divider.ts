/**
 * Divides what arrives over HTTP/2, in any split: the content of some DATA frames is taken out, and everything else is passed on as it is.
 */
import { END_STREAM, FRAME, type Frame, FrameHead, frameBytes, PADDED } from './frame-head.ts'

/** Largest payload of a frame that we allow: the default of SETTINGS_MAX_FRAME_SIZE (RFC 9113 section 6.5.2). */
const MAX_FRAME_SIZE = 16_384
const NOTHING = new Uint8Array()

export interface FrameSink {
  /** Whether the content of the stream's DATA frames may be taken. */
  mayTake(stream: number): boolean
  /** Whether the next one is. What precedes it was passed on. */
  takes(stream: number): boolean
  /** The header of a frame has arrived. Its payload follows. */
  frame(frame: Frame): void
  /** `size` bytes of the content of a DATA frame have arrived, without padding. They are not taken. */
  content(stream: number, size: number): void
  /** Content that is taken, of one or more frames in a row. It is only lent, and may be overwritten. */
  taken(stream: number, bytes: Uint8Array): void
  /** Bytes to pass on, which are only lent. Instead of a frame that is taken, nothing; if that ends the stream, an empty one. */
  pass(bytes: Uint8Array): void
}

export class FrameDivider {
  readonly #sink: FrameSink
  readonly #head = new FrameHead()
  /** The frame whose payload arrives; bytes of the payload, and of its content, that are still to come; whether it is taken. */
  #frame: Frame | undefined
  #left = 0
  #contentLeft = 0
  #isTaken = false
  /** The pushed bytes, and the offset of the first one to pass on. */
  #bytes: Uint8Array = NOTHING
  #from = 0
  /** Content that is taken but not delivered yet: its stream, and its place in the pushed bytes. */
  #takenStream = 0
  #takenFrom = 0
  #takenTo = 0

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** Takes the next bytes, which it may overwrite. */
  push(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#from = 0
    let at = 0
    while (at < bytes.length) at = this.#left > 0 ? this.#readPayload(at) : this.#readHead(at)
    this.#passTo(bytes.length)
    this.#giveTaken()
    this.#bytes = NOTHING
  }

  #readHead(start: number): number {
    const held = this.#head.bytes
    const at = this.#head.push(this.#bytes, start)
    const frame = this.#head.take()
    if (frame === undefined) {
      // It is held until it is known whether the frame is taken.
      this.#passTo(start)
      this.#from = at
      return at
    }
    this.#isTaken = this.#takes(frame, start)
    if (this.#isTaken) {
      this.#passTo(start)
      this.#from = at
    } else if (held.length > 0) this.#sink.pass(held)
    this.#frame = frame
    this.#left = frame.length - frame.read
    this.#contentLeft = frame.type === FRAME.data ? frame.length - frame.padding : 0
    this.#sink.frame(frame)
    return at
  }

  /** Only what is certainly allowed is taken, so that Node.js answers what is not. */
  #takes({ type, flags, length, stream }: Frame, start: number): boolean {
    if (type !== FRAME.data || (flags & PADDED) !== 0 || length > MAX_FRAME_SIZE) return false
    // Node.js ends the connection after many empty frames. One that ends the stream is left to it.
    if (length === 0 && (flags & END_STREAM) !== 0) return false
    if (!this.#sink.mayTake(stream)) return false
    this.#passTo(start)
    return this.#sink.takes(stream)
  }

  #readPayload(at: number): number {
    const size = Math.min(this.#left, this.#bytes.length - at)
    const stream = this.#frame?.stream ?? 0
    this.#left -= size
    const end = at + size
    if (this.#isTaken) {
      this.#take(stream, at, end)
      this.#from = end
      if (this.#left === 0 && this.#frame !== undefined) this.#endTaken(this.#frame)
      return end
    }
    const content = Math.min(this.#contentLeft, size)
    this.#contentLeft -= content
    if (content > 0) this.#sink.content(stream, content)
    return end
  }

  /** Moves the content behind that of the frame before it, so that both are given together. */
  #take(stream: number, from: number, to: number): void {
    if (this.#takenTo > 0 && this.#takenStream === stream) {
      this.#bytes.copyWithin(this.#takenTo, from, to)
      this.#takenTo += to - from
      return
    }
    this.#giveTaken()
    this.#takenStream = stream
    this.#takenFrom = from
    this.#takenTo = to
  }

  #giveTaken(): void {
    if (this.#takenTo === 0) return
    const bytes = this.#bytes.subarray(this.#takenFrom, this.#takenTo)
    this.#takenTo = 0
    this.#sink.taken(this.#takenStream, bytes)
  }

  #endTaken({ flags, stream }: Frame): void {
    if ((flags & END_STREAM) === 0) return
    this.#giveTaken()
    this.#sink.pass(frameBytes(FRAME.data, END_STREAM, stream, NOTHING))
  }

  #passTo(end: number): void {
    const bytes = this.#bytes.subarray(this.#from, end)
    this.#from = Math.max(this.#from, end)
    if (bytes.length === 0) return
    this.#giveTaken()
    this.#sink.pass(bytes)
  }
}
