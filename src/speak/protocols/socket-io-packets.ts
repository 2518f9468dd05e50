/** The packets of Socket.IO, as its usual parser writes them and as `socket.io-msgpack-parser` does. */
import type { MessageEvent } from '../../shared/event.ts'
import { fieldsOf } from '../../shared/fields.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import { binary, MAX_CONTROL, text } from '../messages.ts'

export const PACKET = { connect: 0, disconnect: 1, event: 2, ack: 3, connectError: 4 } as const
export const DEFAULT_NAMESPACE = '/'

export interface SocketIoPacket {
  readonly type: number
  readonly namespace: string
  readonly data?: unknown
  readonly id?: number | undefined
}

/** Writes packets, as messages of Engine.IO, and reads them. */
export interface PacketFormat {
  write(packet: SocketIoPacket): OutboundMessage
  /** The packet of a text without the type of Engine.IO, or of a binary message. Undefined if it is of another form. */
  read(content: string | MessageEvent): SocketIoPacket | undefined
}

export const textPackets: PacketFormat = {
  write({ type, namespace, data, id }) {
    const prefix = namespace === DEFAULT_NAMESPACE ? '' : `${namespace},`
    return text(`4${type}${prefix}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`)
  },
  read(content) {
    if (typeof content !== 'string') return undefined
    const [, type, namespace = DEFAULT_NAMESPACE, rest = ''] =
      /^(\d)(?:(\/[^,]*)(?:,|$))?(.*)$/s.exec(content) ?? []
    // The IDs of events are not needed.
    return type === undefined
      ? undefined
      : { type: Number(type), namespace, data: tryParseJson(rest) ?? rest }
  },
}

type Library = Pick<typeof import('@msgpack/msgpack'), 'encode' | 'decode'>

let library: Library | undefined

export async function loadMessagePack(): Promise<void> {
  library ??= await import('@msgpack/msgpack')
}

export const messagePackPackets: PacketFormat = {
  write: ({ type, namespace, data, id }) =>
    binary(
      library?.encode({
        type,
        ...(data !== undefined && { data }),
        ...(id !== undefined && { id }),
        nsp: namespace,
      }) ?? new Uint8Array(0),
    ),
  read(content) {
    if (typeof content === 'string' || content.payload.length > MAX_CONTROL) return undefined
    try {
      const { type, nsp, data } = fieldsOf(library?.decode(content.payload))
      return typeof type === 'number' && typeof nsp === 'string' ? { type, namespace: nsp, data } : undefined
    } catch {
      return undefined
    }
  },
}
