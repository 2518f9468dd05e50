/** Notes where packets are in the bytes of a message, or of several in a row, while a decoder reads them. */
import {
  type ByteField,
  MAX_FIELDS,
  MAX_MAPPED,
  type MappedPacket,
  type MessageMap,
  type UnfinishedPacket,
} from '../shared/packet-map.ts'

type FieldFacts = Pick<ByteField, 'meaning' | 'path' | 'isNumber'>

export class PacketMap {
  #packets: MappedPacket[] = []
  #fields: ByteField[] = []
  #unfinished: UnfinishedPacket | undefined
  /** Where the message begins in the bytes of all. */
  #origin = 0

  /** A field of the packet that is noted next. Bytes before 0 are those of earlier messages. */
  field(name: string, from: number, to: number, facts: FieldFacts = {}): void {
    const start = Math.max(0, this.#origin + from)
    const end = this.#origin + to
    const hasRoom = this.#packets.length < MAX_MAPPED && this.#fields.length < MAX_FIELDS
    if (end > start && hasRoom) this.#fields.push({ name, from: start, to: end, ...facts })
  }

  /** The next message begins, after one of `size` bytes. Only the packet that goes on is still noted. */
  nextMessage(size: number): void {
    this.#origin += size
    this.#packets = []
  }

  /** A packet that ends in the message. Call it once for each packet that `decode` returns, in their order. */
  packet(from: number, to: number, isContinued = from < 0): void {
    const rest = this.#taken(from, to, isContinued)
    const begun = isContinued ? this.#unfinished : undefined
    this.#unfinished = undefined
    const fields = begun === undefined ? rest.fields : [...begun.fields, ...rest.fields]
    this.#packets.push(begun === undefined ? rest : { ...begun, to: rest.to, fields })
  }

  /** The packet at the end of the message, which goes on in a later one. */
  unfinished(from: number, to: number, isContinued = from < 0, name?: string): void {
    const begun = isContinued ? this.#unfinished : undefined
    const rest = this.#taken(from, to, isContinued)
    this.#unfinished =
      begun === undefined
        ? { ...rest, ...(name !== undefined && { name }) }
        : { ...begun, to: rest.to, fields: [...begun.fields, ...rest.fields] }
  }

  /**
   * Takes over what is noted of bytes within this message. `edge` says where a packet begins or ends in it, and `place`
   * where a field does.
   */
  include(inner: PacketMap, count: number, size: number, edge: (at: number) => number, place = edge): void {
    const takeFields = ({ fields }: MappedPacket) => {
      for (const { name, from, to, ...facts } of fields) this.field(name, place(from), place(to), facts)
    }
    for (const packet of inner.packets(count, size) ?? []) {
      takeFields(packet)
      this.packet(edge(packet.from), edge(packet.to), packet.isContinued || edge(packet.from) < 0)
    }
    if (inner.#unfinished === undefined) return
    const { from, to, isContinued, name } = inner.#unfinished
    takeFields(inner.#unfinished)
    this.unfinished(edge(from), edge(to), isContinued || edge(from) < 0, name)
  }

  /**
   * All packets of a message that has `count` of them and `size` bytes; undefined if others were noted. If none was, the
   * only packet of a message has all its bytes.
   */
  packets(count: number, size: number): readonly MappedPacket[] | undefined {
    const isWhole = this.#packets.length === 0 && count === 1 && this.#unfinished === undefined
    if (isWhole) this.packet(0, size)
    return this.#packets.length === count ? this.#packets : undefined
  }

  finish(count: number, size: number): MessageMap {
    const packets = this.packets(count, size)?.slice(0, MAX_MAPPED) ?? null
    return { packets, unfinished: this.#unfinished ?? null }
  }

  #taken(from: number, to: number, isContinued: boolean): MappedPacket {
    const fields = this.#fields
    this.#fields = []
    return { from: Math.max(0, this.#origin + from), to: this.#origin + to, isContinued, fields }
  }
}
