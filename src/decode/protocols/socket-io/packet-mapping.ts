/** Notes where the packets of Engine.IO and Socket.IO are in a message, and their fields. */
import { latin1 } from '../../../shared/text/decode.ts'
import { type ByteSpan, elementSpans } from '../../byte-spans.ts'
import type { Packet } from '../../decoder.ts'
import type { PacketMap } from '../../packet-map.ts'
import { ENGINE_TYPES } from './engine-packets.ts'
import { SOCKET_TYPES } from './packets.ts'

/** Type, number of attachments, namespace and ID. The rest is JSON. */
const HEAD = /^([0-6])(\d+-)?(\/[^,]*(?:,|$))?(\d+)?/
const LETTER_B = 0x62
const ZERO = 0x30
/** The type of a `message` packet. */
const MESSAGE = 4

export class PacketMapping {
  readonly #map: PacketMap
  readonly #version: number
  /** The beginning of a packet whose attachments have not all come, if it is in this message. */
  #begin: number | undefined
  #name: string | undefined
  #isContinued = false

  constructor(map: PacketMap, version: number) {
    this.#map = map
    this.#version = version
  }

  /** A packet of Engine.IO, and the packet that ends with it. `isBinary` if it is not text. */
  add(packet: Packet | undefined, bytes: Uint8Array, [from, to]: ByteSpan, isBinary: boolean): void {
    const hasBytes = isBinary || bytes[from] === LETTER_B
    const name = hasBytes
      ? this.#bytes(packet, bytes, [from, to], isBinary)
      : this.#text(packet, bytes, [from, to])
    if (packet !== undefined) {
      this.#map.packet(this.#begin ?? from, to, packet.parts !== undefined)
      this.#begin = undefined
      this.#name = undefined
    } else if (this.#begin === undefined) {
      this.#begin = from
      this.#name = name
      this.#isContinued = hasBytes
    }
  }

  /** The message ends. */
  end(size: number): void {
    if (this.#begin !== undefined) this.#map.unfinished(this.#begin, size, this.#isContinued, this.#name)
  }

  #bytes(packet: Packet | undefined, bytes: Uint8Array, [from, to]: ByteSpan, isBinary: boolean): undefined {
    const isVersion3 = this.#version === 3
    if (!isBinary) this.#map.field('Base64', from, from + 1)
    const at = isBinary ? from : from + 1
    if (isVersion3) this.#engineType((bytes[at] ?? 0) - (isBinary ? 0 : ZERO), at)
    const isAttachment = packet === undefined || packet.parts !== undefined || this.#begin !== undefined
    this.#map.field(isAttachment ? 'attachment' : 'data', isVersion3 ? at + 1 : at, to)
  }

  /** Returns what Socket.IO calls the packet. */
  #text(packet: Packet | undefined, bytes: Uint8Array, [from, to]: ByteSpan): string | undefined {
    const type = (bytes[from] ?? 0) - ZERO
    this.#engineType(type, from)
    const at = from + 1
    if (type !== MESSAGE || packet?.protocol === 'engine.io') {
      this.#map.field('data', at, to, { path: '$' })
      return undefined
    }
    const data = bytes.subarray(at, to)
    const head = HEAD.exec(latin1(data))
    if (head === null) {
      this.#map.field('data', at, to)
      return undefined
    }
    const [all, number, attachments = '', namespace = '', id = ''] = head
    const name = SOCKET_TYPES[Number(number)]
    let next = at
    const field = (title: string, size: number, meaning?: string) => {
      this.#map.field(title, next, next + size, meaning === undefined ? {} : { meaning })
      next += size
    }
    field('packet type', 1, name)
    field('attachments', attachments.length)
    field('namespace', namespace.length)
    field('ack id', id.length)
    this.#data(data, all.length, at, name)
    return name
  }

  /** The JSON at `start` of the data, which is at `base` of the message. */
  #data(data: Uint8Array, start: number, base: number, name: string | undefined): void {
    const isEvent = name === 'EVENT' || name === 'BINARY_EVENT'
    if (!isEvent && name !== 'ACK' && name !== 'BINARY_ACK') {
      this.#map.field('data', base + start, base + data.length, { path: '$' })
      return
    }
    let index = isEvent ? -1 : 0
    for (const [from, to] of elementSpans(data, start)) {
      if (index < 0) this.#map.field('event', base + from, base + to)
      else this.#map.field('argument', base + from, base + to, { path: `$[${index}]` })
      index++
    }
  }

  #engineType(type: number, at: number): void {
    const meaning = ENGINE_TYPES[type]
    this.#map.field('Engine.IO type', at, at + 1, meaning === undefined ? {} : { meaning })
  }
}
