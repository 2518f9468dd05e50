/** A session of Engine.IO: the packets of both directions, whichever connections carry them. */
import type { Direction } from '../../../shared/event.ts'
import { tryParseJson } from '../../../shared/text/json-text.ts'
import type { EncodedMessage, Packet } from '../../decoder.ts'
import { asBuffer, type Base64, base64, jsonOrText, textOf } from '../../values.ts'
import type { EnginePacket } from './engine-packets.ts'
import { type PacketHead, packetHead } from './packet-head.ts'
import { attach, packetIn, parsePacket, type SocketPacket } from './packets.ts'

/** Maximum number of bytes of attachments. Beyond it, an event is dropped if attachments are missing. */
const MAX_ATTACHED = 64 * 1024 * 1024

type Unpack = (bytes: Uint8Array) => unknown

/** An event or acknowledgment whose attachments have not all come. */
interface Incomplete {
  readonly text: string
  /** Number of attachments that it has in all. */
  readonly count: number
  readonly attachments: readonly Base64[]
  readonly size: number
  /** Messages so far, and the number of the last one. */
  readonly parts: number
  readonly last: number
}

type Incompletes = Partial<Record<Direction, Incomplete>>

export class EngineSession {
  /** Distinguishes the keys of this session from those of others in the scope. */
  readonly #name: string
  readonly #unpack: Unpack
  /** Undefined until its first message shows whether Engine.IO is used without Socket.IO, which paths do not always say. */
  #isBare: boolean | undefined
  #incomplete: Incompletes

  constructor(name: string, unpack: Unpack, isBare: boolean | undefined, incomplete: Incompletes = {}) {
    this.#name = name
    this.#unpack = unpack
    this.#isBare = isBare
    this.#incomplete = { ...incomplete }
  }

  get stateSize(): number {
    return 256 + ((this.#incomplete.in?.size ?? 0) + (this.#incomplete.out?.size ?? 0)) * 2
  }

  /** Whether attachments of a packet are missing. */
  isIncomplete(direction: Direction): boolean {
    return this.#incomplete[direction] !== undefined
  }

  copy(): EngineSession {
    return new EngineSession(this.#name, this.#unpack, this.#isBare, this.#incomplete)
  }

  /** A WebSocket message with a `message` packet of Engine.IO. */
  takeText(payload: Uint8Array, message: EncodedMessage): Packet | undefined {
    const bytes = asBuffer(payload)
    const head = this.#isBare === true ? undefined : packetHead(bytes, 1)
    if (head === undefined) return this.#text(textOf(payload.subarray(1)), message)
    this.#isBare = false
    delete this.#incomplete[message.direction]
    return this.#unparsed(head, bytes)
  }

  take({ type, data }: EnginePacket, message: EncodedMessage): Packet | undefined {
    switch (type) {
      case 'open':
        return { protocol: 'engine.io', kind: 'handshake', name: type, value: jsonOrText(String(data)) }
      case 'close':
        return { protocol: 'engine.io', kind: 'close', name: type }
      case 'ping':
      case 'pong':
        return this.#heartbeat(type, String(data))
      case 'upgrade':
        return { protocol: 'engine.io', kind: 'handshake', name: type }
      case 'noop':
        return { protocol: 'engine.io', kind: 'heartbeat', name: type }
      case 'message':
        return typeof data === 'string' ? this.#text(data, message) : this.#binary(data, message)
    }
  }

  /** A ping with the data `probe` tries whether a connection can take over from the polls. */
  #heartbeat(name: 'ping' | 'pong', data: string): Packet {
    const isProbe = data === 'probe'
    const key = `${this.#name} ping ${data}`
    return {
      protocol: 'engine.io',
      kind: isProbe ? 'handshake' : 'heartbeat',
      name: isProbe ? `${name} probe` : name,
      ...(data !== '' && { value: data }),
      ...(name === 'ping' ? { asks: key } : { answersTo: key }),
    }
  }

  #text(text: string, { direction, number }: EncodedMessage): Packet | undefined {
    const packet = this.#isBare === true ? undefined : parsePacket(text)
    this.#isBare ??= packet === undefined
    if (packet === undefined) {
      if (!this.#isBare) throw new Error('The message is not a packet of Socket.IO.')
      return { protocol: 'engine.io', kind: 'event', value: jsonOrText(text) }
    }
    // If attachments are missing, such as after dropped events, decoding goes on with the next packet.
    delete this.#incomplete[direction]
    if (packet.attachments === 0) return this.#packet(packet, direction)
    const count = packet.attachments
    this.#incomplete[direction] = { text, count, attachments: [], size: text.length, parts: 1, last: number }
    return undefined
  }

  #binary(bytes: Uint8Array, message: EncodedMessage): Packet | undefined {
    const incomplete = this.#incomplete[message.direction]
    if (incomplete !== undefined) return this.#attachment(incomplete, bytes, message)
    const packet = this.#isBare === true ? undefined : this.#packed(bytes)
    return packet === undefined
      ? { protocol: 'engine.io', kind: 'data', value: base64(bytes) }
      : this.#packet(packet, message.direction)
  }

  #attachment(
    incomplete: Incomplete,
    bytes: Uint8Array,
    { direction, number }: EncodedMessage,
  ): Packet | undefined {
    const size = incomplete.size + bytes.length
    if (size > MAX_ATTACHED) throw new Error('The attachments of an event have more than 64 MiB.')
    const { text, count } = incomplete
    const attachments = [...incomplete.attachments, base64(bytes)]
    const parts = incomplete.parts + (number === incomplete.last ? 0 : 1)
    if (attachments.length < count) {
      this.#incomplete[direction] = { text, count, attachments, size, parts, last: number }
      return undefined
    }
    delete this.#incomplete[direction]
    // Parsed again, because attaching changes the data.
    const packet = parsePacket(text)
    if (packet === undefined) return undefined
    attach(packet.data, attachments)
    return { ...this.#packet(packet, direction), ...(parts > 1 && { parts }) }
  }

  /** A packet of the MessagePack parser; undefined if the bytes are not one. */
  #packed(bytes: Uint8Array): SocketPacket | undefined {
    // A map begins with 0x8. or 0xde or 0xdf.
    const first = bytes[0] ?? 0
    if (first >> 4 !== 8 && first < 0xde) return undefined
    try {
      return packetIn(this.#unpack(bytes))
    } catch {
      return undefined
    }
  }

  /** An event or acknowledgment whose arguments are parsed only if somebody asks for them. */
  #unparsed({ type, namespace, id, name = '', dataAt }: PacketHead, bytes: Buffer): Packet {
    const channel = channelOf(namespace)
    const lazyValue = () => {
      const text = bytes.toString('utf8', dataAt)
      const items = tryParseJson(text)
      if (!Array.isArray(items)) return text
      return type === 'ACK' ? items : items.slice(1)
    }
    return type === 'ACK' ? this.#ack(channel, id, lazyValue) : this.#event(name, channel, id, lazyValue)
  }

  #event(name: string, channel: string, id: number | undefined, lazyValue: () => unknown): Packet {
    const protocol = 'socket.io'
    if (id === undefined) return { protocol, kind: 'event', name, channel, lazyValue }
    const asks = this.#key(channel, id)
    return { protocol, kind: 'request', name, channel, id: String(id), lazyValue, asks }
  }

  #ack(channel: string, id: number | undefined, lazyValue: () => unknown): Packet {
    const answersTo = this.#key(channel, id)
    return { protocol: 'socket.io', kind: 'ack', channel, id: String(id), lazyValue, answersTo }
  }

  #packet({ type, namespace, id, data }: SocketPacket, direction: Direction): Packet {
    const protocol = 'socket.io'
    const channel = channelOf(namespace)
    switch (type) {
      case 'EVENT': {
        const items = data as unknown[]
        return this.#event(String(items[0]), channel, id, () => items.slice(1))
      }
      case 'ACK':
        return this.#ack(channel, id, () => data)
      case 'CONNECT': {
        const value = channel === namespace ? data : { query: namespace.slice(channel.length + 1) }
        const key = this.#key(channel)
        const packet: Packet = { protocol, kind: 'handshake', name: 'connect', channel }
        return {
          ...packet,
          ...(value !== undefined && { value }),
          ...(direction === 'out' ? { asks: key } : { answersTo: key }),
        }
      }
      case 'CONNECT_ERROR': {
        const answersTo = this.#key(channel)
        return { protocol, kind: 'error', name: 'connect_error', channel, value: data, answersTo }
      }
      case 'DISCONNECT':
        return { protocol, kind: 'close', name: 'disconnect', channel }
    }
  }

  /** The key of an answer: namespaces count their IDs apart. */
  #key(channel: string, id: number | '' = ''): string {
    return `${this.#name} ${channel} ${id}`
  }
}

/** Socket.IO 2 puts the query of a namespace behind its name. */
function channelOf(namespace: string): string {
  const mark = namespace.indexOf('?')
  return mark < 0 ? namespace : namespace.slice(0, mark)
}
