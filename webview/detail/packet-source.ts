/** The bytes of a packet as they are shown: those of its message, or of all its messages in a row. */
import type { JoinedMessage, JoinedPacket, MappedPacket } from '../../src/shared/packet-map.ts'
import type { Bytes } from './hex-pieces.ts'

export interface PacketSource {
  readonly payload: Uint8Array
  /** Where it is in `payload`. */
  readonly packet: MappedPacket
  /** The messages of a packet that is spread over several, in the order of its bytes. */
  readonly messages: readonly JoinedMessage[]
}

export const NO_MESSAGES: readonly JoinedMessage[] = []

export function joinedSource({ bytes, size, fields, messages }: JoinedPacket): PacketSource {
  return { payload: bytes, packet: { from: 0, to: size, isContinued: false, fields }, messages }
}

/** The bytes as those of the message in which they begin. `index` is the event of a packet in one message. */
export function inMessage(
  messages: readonly JoinedMessage[],
  index: number,
  { from, to }: Bytes,
): Bytes & { readonly index: number } {
  const at = messages.findLastIndex((each) => each.from <= from)
  const message = messages[at]
  if (message === undefined) return { index, from, to }
  const move = message.at - message.from
  return { index: message.index, from: from + move, to: Math.min(to, messages[at + 1]?.from ?? to) + move }
}
