/** Reads the headers of HTTP/2 frames (RFC 9113 section 4.1) out of the bytes of one direction of a connection, in any split. */

export const FRAME = { data: 0, headers: 1, rstStream: 3, settings: 4, goAway: 7, continuation: 9 } as const

/** Flags (RFC 9113 sections 6.1 and 6.2). */
export const END_STREAM = 0x1
export const END_HEADERS = 0x4
const PADDED = 0x8

/** Length of a frame's header, in bytes. */
export const FRAME_HEADER = 9
/** Where the payload of a frame has its error code, of 4 bytes (RFC 9113 sections 6.4 and 6.8). */
const ERROR_CODE_AT: Readonly<Record<number, number>> = { [FRAME.rstStream]: 0, [FRAME.goAway]: 4 }
const ERROR_CODE = 4
/** How many bytes of a payload are read at most. */
const MAX_READ = 8

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  /** Length of the payload, in bytes. */
  readonly length: number
  /** Of the payload of a DATA frame: the octet with the pad length, and the padding. */
  readonly padding: number
  /** Of a RST_STREAM or GOAWAY frame. */
  readonly errorCode: number | undefined
}

export interface FrameSink {
  /** The header of a frame has arrived. Its payload follows. */
  frame(frame: Frame): void
  /** `size` bytes of the content of a DATA frame of the stream have arrived, without padding. */
  content(stream: number, size: number): void
}

export class FrameScanner {
  readonly #sink: FrameSink
  /** What has arrived of the header, and of the octets after it that are read, too. */
  readonly #head = new Uint8Array(FRAME_HEADER + MAX_READ)
  #filled = 0
  /** Bytes of the payload, and of its content, that are still to come. */
  #left = 0
  #contentLeft = 0
  #stream = 0
  /** Bytes to skip before the first frame. */
  #skip: number

  /** `skip` is the length of what precedes the first frame: the preface of a client (RFC 9113 section 3.4). */
  constructor(sink: FrameSink, skip = 0) {
    this.#sink = sink
    this.#skip = skip
  }

  push(bytes: Uint8Array): void {
    let at = Math.min(this.#skip, bytes.length)
    this.#skip -= at
    while (at < bytes.length) at = this.#left > 0 ? this.#readPayload(bytes, at) : this.#readHead(bytes, at)
  }

  #readPayload(bytes: Uint8Array, at: number): number {
    const taken = Math.min(this.#left, bytes.length - at)
    this.#left -= taken
    const content = Math.min(this.#contentLeft, taken)
    this.#contentLeft -= content
    if (content > 0) this.#sink.content(this.#stream, content)
    return at + taken
  }

  #readHead(bytes: Uint8Array, from: number): number {
    const head = this.#head
    let at = from
    while (at < bytes.length && this.#filled < this.#needed()) head[this.#filled++] = bytes[at++] ?? 0
    if (this.#filled === this.#needed()) this.#begin()
    return at
  }

  /** How many bytes are read before a frame is reported. It grows when the type is known. */
  #needed(): number {
    if (this.#filled < FRAME_HEADER) return FRAME_HEADER
    const [, , , type = 0, flags = 0] = this.#head
    const at = ERROR_CODE_AT[type]
    const wanted = at !== undefined ? at + ERROR_CODE : type === FRAME.data && flags & PADDED ? 1 : 0
    return FRAME_HEADER + Math.min(wanted, this.#length())
  }

  #length(): number {
    const [first = 0, second = 0, third = 0] = this.#head
    return (first << 16) | (second << 8) | third
  }

  #begin(): void {
    const head = new DataView(this.#head.buffer)
    const length = this.#length()
    const read = this.#filled - FRAME_HEADER
    const type = head.getUint8(3)
    const flags = head.getUint8(4)
    const stream = head.getUint32(5) & 0x7fff_ffff
    const isData = type === FRAME.data
    const padding = isData && read === 1 ? Math.min(length, 1 + head.getUint8(FRAME_HEADER)) : 0
    const at = ERROR_CODE_AT[type]
    const hasCode = at !== undefined && read === at + ERROR_CODE
    const errorCode = hasCode ? head.getUint32(FRAME_HEADER + at) : undefined
    this.#filled = 0
    this.#stream = stream
    this.#left = length - read
    this.#contentLeft = isData ? length - padding : 0
    this.#sink.frame({ type, flags, stream, length, padding, errorCode })
  }
}
