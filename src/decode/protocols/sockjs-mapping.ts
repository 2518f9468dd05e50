/** Notes where the messages in a frame of SockJS are, and the packets in these. */
import { type ByteSpan, elementSpans } from '../byte-spans.ts'
import { writtenAt } from '../escaped-string.ts'
import { PacketMap } from '../packet-map.ts'

const QUOTE = 0x22
const OPENING_BRACKET = 0x5b
/** By the first character of a frame. */
const TYPES: Readonly<Record<string, string>> = {
  o: 'open',
  h: 'heartbeat',
  a: 'array',
  m: 'message',
  c: 'close',
}

export class FrameMapping {
  readonly #map: PacketMap
  readonly #frame: Uint8Array
  readonly #position: number
  #strings: readonly ByteSpan[] | undefined
  #next = 0

  /** `position` is where the frame begins in the message. */
  constructor(map: PacketMap, frame: Uint8Array, position: number) {
    this.#map = map
    this.#frame = frame
    this.#position = position
  }

  type(letter = ''): void {
    const meaning = TYPES[letter]
    if (meaning !== undefined) this.#map.field('frame type', this.#position, this.#position + 1, { meaning })
  }

  /** The frame is one packet. */
  whole(): void {
    this.#map.packet(this.#position, this.#position + this.#frame.length)
  }

  /** Calls `read` with a map of the text of a string, and takes over what it notes. The strings come in their order. */
  string<T>(text: string, count: number, read: (map: PacketMap) => readonly T[]): readonly T[] {
    const inner = new PacketMap()
    const found = read(inner)
    this.#strings ??= this.#find()
    const [from, to] = this.#strings[this.#next++] ?? [0, 0]
    const places = writtenAt(this.#frame.subarray(from, to))
    const size = Buffer.byteLength(text)
    const field = (at: number) => this.#position + from + (places?.[at] ?? 0)
    const edge = (at: number) => {
      if (at === 0) return this.#next === 1 ? this.#position : this.#position + from
      if (at < size && places !== undefined) return field(at)
      return this.#position + (this.#next === count ? this.#frame.length : to)
    }
    this.#map.include(inner, found.length, size, edge, field)
    return found
  }

  /** A frame has an array of strings, or a single one. */
  #find(): readonly ByteSpan[] {
    const quote = this.#frame.indexOf(QUOTE)
    const bracket = this.#frame.indexOf(OPENING_BRACKET)
    if (bracket >= 0 && bracket < quote) return [...elementSpans(this.#frame, bracket)]
    return [[quote, this.#frame.length]]
  }
}
