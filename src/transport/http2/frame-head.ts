/** Reads the headers of HTTP/2 frames (RFC 9113 section 4.1), in any split. */

export const FRAME = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

/** Flags (RFC 9113 sections 6.1 and 6.2). */
export const END_STREAM = 0x1
export const END_HEADERS = 0x4
export const PADDED = 0x8

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
  /** How many bytes of the payload were read together with the header. */
  readonly read: number
}

export class FrameHead {
  readonly #bytes = new Uint8Array(FRAME_HEADER + MAX_READ)
  #size = 0

  /** What has arrived of a header that is not complete. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size)
  }

  /** Reads on at offset `from`, at most to the end of the header and of the octets after it that are read, too. Returns the offset behind. */
  push(bytes: Uint8Array, from: number): number {
    let at = from
    while (at < bytes.length && this.#size < this.#needed()) this.#bytes[this.#size++] = bytes[at++] ?? 0
    return at
  }

  /** The frame, if its header is complete. Then the next header can be read. */
  take(): Frame | undefined {
    if (this.#size < this.#needed()) return undefined
    const head = new DataView(this.#bytes.buffer)
    const length = this.#length()
    const read = this.#size - FRAME_HEADER
    const type = head.getUint8(3)
    const padding = type === FRAME.data && read === 1 ? Math.min(length, 1 + head.getUint8(FRAME_HEADER)) : 0
    const at = ERROR_CODE_AT[type]
    const errorCode =
      at !== undefined && read === at + ERROR_CODE ? head.getUint32(FRAME_HEADER + at) : undefined
    this.#size = 0
    const stream = head.getUint32(5) & 0x7fff_ffff
    return { type, flags: head.getUint8(4), stream, length, padding, errorCode, read }
  }

  /** How many bytes are read before a frame is reported. It grows when the type is known. */
  #needed(): number {
    if (this.#size < FRAME_HEADER) return FRAME_HEADER
    // By index, because destructuring iterates, for each frame.
    const type = this.#bytes[3] ?? 0
    const flags = this.#bytes[4] ?? 0
    const at = ERROR_CODE_AT[type]
    const wanted = at !== undefined ? at + ERROR_CODE : type === FRAME.data && flags & PADDED ? 1 : 0
    return FRAME_HEADER + Math.min(wanted, this.#length())
  }

  #length(): number {
    const bytes = this.#bytes
    return ((bytes[0] ?? 0) << 16) | ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0)
  }
}

/** The bytes of a frame. */
export function frameBytes(type: number, flags: number, stream: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER + payload.length)
  const view = new DataView(bytes.buffer)
  // The length has 24 bits.
  view.setUint32(0, payload.length << 8)
  view.setUint8(3, type)
  view.setUint8(4, flags)
  view.setUint32(5, stream)
  bytes.set(payload, FRAME_HEADER)
  return bytes
}
