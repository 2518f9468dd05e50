/** Where the packets of a message are in its bytes. */

/** A field of a packet: bytes [from, to) of the message. */
export interface ByteField {
  /** What the protocol calls it, such as `remaining length`. */
  readonly name: string
  /** What its bytes stand for, such as `PUBLISH`. */
  readonly meaning?: string
  readonly from: number
  readonly to: number
  /** It is a number or flags, even if its bytes happen to be text. */
  readonly isNumber?: boolean
  /** JSONPath of what it says in the value of the packet. */
  readonly path?: string
}

/** Bytes [from, to) of the message that belong to one packet. */
export interface MappedPacket {
  readonly from: number
  readonly to: number
  /** It began in an earlier message. */
  readonly isContinued: boolean
  /** In their order. Bytes without a name of their own are in none of them. */
  readonly fields: readonly ByteField[]
}

/** A packet that goes on in a later message. */
export interface UnfinishedPacket extends MappedPacket {
  /** What the protocol calls such a packet, such as `PUBLISH`. Absent if that is not known yet. */
  readonly name?: string
}

/** A packet over several messages, put together. */
export interface JoinedPacket {
  /** Its first bytes, at most `MAX_JOINED`. */
  readonly bytes: Uint8Array
  /** How many it has. */
  readonly size: number
  /** As those of a packet in one message, but of these bytes. */
  readonly fields: readonly ByteField[]
  /** Its first messages, those that have some of `bytes`. */
  readonly messages: readonly JoinedMessage[]
}

/** A message that has a part of a packet. */
export interface JoinedMessage {
  /** Number of the event. */
  readonly index: number
  /** Where its part begins in the bytes of the packet. */
  readonly from: number
  /** Where its part begins in the message. */
  readonly at: number
}

/** A message whose bytes are mapped. */
export interface MessageMap {
  /** The first packets that end in the message, at most `MAX_MAPPED`. Null if it is not known where they are. */
  readonly packets: readonly MappedPacket[] | null
  readonly unfinished: UnfinishedPacket | null
}

/** Packets of a message, and fields of a packet, that are mapped at most. */
export const MAX_MAPPED = 50
export const MAX_FIELDS = 64
/** Bytes of a packet over several messages that are put together at most. */
export const MAX_JOINED = 64 * 1024

export const NOTHING_MAPPED: MessageMap = { packets: null, unfinished: null }
