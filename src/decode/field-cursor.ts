/** Notes the fields of a packet one after the other. */
import type { PacketMap } from './packet-map.ts'

type Facts = Parameters<PacketMap['field']>[3]

export class FieldCursor {
  readonly #map: PacketMap
  readonly #bytes: Uint8Array
  readonly #base: number
  #at = 0

  /** `base` is where the bytes of the packet begin in the message. */
  constructor(map: PacketMap, bytes: Uint8Array, base: number) {
    this.#map = map
    this.#bytes = bytes
    this.#base = base
  }

  /** How many bytes of the packet are left. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  /** The byte at an index after the cursor. */
  at(index: number): number | undefined {
    return this.#bytes[this.#at + index]
  }

  /** The next bytes, without a name. */
  skip(size: number): void {
    this.#at = Math.min(this.#bytes.length, this.#at + size)
  }

  /** The next bytes, or those that are left if there are fewer. */
  field(name: string, size: number, facts?: Facts): void {
    const from = this.#at
    this.skip(size)
    this.#map.field(name, this.#base + from, this.#base + this.#at, facts)
  }

  /** As `field`, for a number or flags. */
  number(name: string, size: number, facts?: Facts): void {
    this.field(name, size, { ...facts, isNumber: true })
  }

  /** All bytes that are left. */
  rest(name: string, facts?: Facts): void {
    this.field(name, this.left, facts)
  }
}
