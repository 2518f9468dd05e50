/** The bytes of one direction of a connection, whose packets do not end where messages do. */
import { ByteBuffer } from '../parse/byte-buffer.ts'
import type { Packet } from './decoder.ts'
import type { PacketMap } from './packet-map.ts'

/** Maximum number of packets in one message. More of them are an attack, not a protocol. */
export const MAX_PACKETS = 200_000

const EMPTY = new Uint8Array(0)

/** If nothing is left of earlier messages, a message is read in place; only what is left of it is copied. */
export class PacketBytes {
  readonly #kept = new ByteBuffer()
  #view: Uint8Array = EMPTY
  #head = 0
  /** Where the latest message begins in the view. */
  #start = 0
  /** Where the packet at the head begins in the latest message; 0 or less if it began in an earlier one. */
  #begin = 0
  /** Number of earlier messages that have bytes of the first packet. */
  #earlier = 0
  /** Packets that end in the latest message. */
  #packets = 0
  /** Bytes of the packet are already consumed. */
  #begun = false
  /** How many bytes after the head do not contain the byte that `indexOf` searches for. */
  #searched = 0
  #searchedFor = -1

  /** How many bytes are not consumed. */
  get length(): number {
    return this.#view.length - this.#head
  }

  /** How many messages carry the packet at the head, if it ends in the latest message. */
  get parts(): number {
    return this.#earlier + 1
  }

  /** Where the head is in the latest message; negative if it is in an earlier one. */
  get position(): number {
    return this.#head - this.#start
  }

  /** The byte at an index after the head. */
  at(index: number): number | undefined {
    return this.#view[this.#head + index]
  }

  /**
   * The packets that end in a message. `next` takes the first one that is left; undefined if it is incomplete, and then
   * `nameOf` says what it is called, if that is known.
   */
  read(
    payload: Uint8Array,
    next: () => Packet | undefined,
    map?: PacketMap,
    nameOf?: () => string | undefined,
  ): Packet[] {
    const packets: Packet[] = []
    this.add(payload)
    for (let packet = next(); packet !== undefined; packet = next()) {
      const { parts } = this
      packets.push(parts > 1 ? { ...packet, parts } : packet)
      map?.packet(this.#begin, this.position, parts > 1)
      this.endPacket()
    }
    if (map !== undefined && this.hasBegun)
      map.unfinished(this.#begin, payload.length, this.parts > 1, nameOf?.())
    this.keep()
    return packets
  }

  /** Whether there are bytes of a packet that is incomplete. */
  get hasBegun(): boolean {
    return this.length > 0 || this.#begun
  }

  add(payload: Uint8Array): void {
    this.#packets = 0
    this.#start = this.#kept.length
    this.#begin = -this.#start
    if (this.#start === 0) {
      this.#view = payload
    } else {
      this.#kept.append(payload)
      this.#view = this.#kept.view()
    }
  }

  /** The next index of a byte after the head; undefined if it has not come. No byte is searched twice. */
  indexOf(byte: number): number | undefined {
    if (this.#searchedFor !== byte) this.#searched = 0
    this.#searchedFor = byte
    const found = this.#view.indexOf(byte, this.#head + this.#searched)
    this.#searched = found < 0 ? this.length : found - this.#head
    return found < 0 ? undefined : this.#searched
  }

  /** The next bytes, as a view that is valid until the next message. */
  take(count: number): Uint8Array {
    const taken = this.#view.subarray(this.#head, this.#head + count)
    this.#head += count
    this.#searched = 0
    this.#begun = true
    return taken
  }

  /** Call it after bytes that are between packets. */
  skipped(): void {
    this.#earlier = 0
    this.#begun = false
    this.#begin = this.position
  }

  /** Call it after a packet: the next one begins in the latest message. */
  endPacket(): void {
    if (++this.#packets > MAX_PACKETS) throw new Error(`A message has more than ${MAX_PACKETS} packets.`)
    this.skipped()
  }

  /** Call it after each message: copies what is not consumed. */
  keep(): void {
    const isKept = this.#kept.length > 0
    if (isKept && this.#head > 0) this.#kept.drop(this.#head)
    if (!isKept) this.#kept.append(this.#view.subarray(this.#head))
    this.#view = this.#kept.view()
    this.#head = 0
    this.#earlier = this.hasBegun ? this.#earlier + 1 : 0
  }

  copy(): PacketBytes {
    const copy = new PacketBytes()
    copy.#kept.append(this.#kept.view())
    copy.#view = copy.#kept.view()
    copy.#earlier = this.#earlier
    copy.#begun = this.#begun
    copy.#searched = this.#searched
    copy.#searchedFor = this.#searchedFor
    return copy
  }
}
