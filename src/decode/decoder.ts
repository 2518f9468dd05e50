/** The interface of a decoder: how it recognizes a connection, and how it decodes the bytes of its messages. */
import type { DecodedEvent } from '../shared/decoded.ts'
import type { Direction, Headers } from '../shared/event.ts'
import type { PacketMap } from './packet-map.ts'

/** The same fields, but each may be undefined. */
type Optional<T> = { readonly [Field in keyof T]?: T[Field] | undefined }

/** What is known about a connection, apart from its messages. */
export interface ConnectionFacts {
  readonly connection: number
  readonly url?: string | undefined
  /** `websocket`, `sse`, … */
  readonly transport?: string | undefined
  /** The HTTP method of its first request. */
  readonly method?: string | undefined
  /** The WebSocket subprotocol that was agreed on. */
  readonly subprotocol?: string | undefined
  readonly requestHeaders?: Headers | undefined
  readonly responseHeaders?: Headers | undefined
  /** The name of the decoder that the user chose for this connection; `none` switches decoding off. */
  readonly decoder?: string | undefined
  /** What the user set for the chosen decoder, such as the message type of Protobuf. */
  readonly decoderOptions?: Readonly<Record<string, unknown>> | undefined
}

/** A message, or the body of a request, as a decoder gets it. */
export interface EncodedMessage {
  readonly facts: ConnectionFacts
  /** Number of its event, counted from 0. */
  readonly number: number
  /** Session time in ms. */
  readonly time: number
  /** The body of a request has the direction `out`. */
  readonly direction: Direction
  /** The body of a request: of a connection's first request, or of a cycle of a poll. */
  readonly isRequest: boolean
  /** The URL of the connection's latest request: of a poll's cycle, or else of the connection. */
  readonly url: string
  /** A binary WebSocket message. */
  readonly binary: boolean
  /** The SSE event type; empty for other messages. */
  readonly eventName: string
  /** The first bytes, as many as the decoder reads. Valid only during the call. */
  readonly payload: Uint8Array
  /** Bytes that have the payload at `from` up to `to`, which saves making a view of it. Undefined if only that is known. */
  readonly bytes?: Buffer | undefined
  readonly from?: number
  readonly to?: number
  /** Bytes of the whole payload. */
  readonly size: number
}

type DecodedFields = Omit<DecodedEvent, 'protocol' | 'kind' | 'id' | 'answers' | 'latency'>

/** Pairs a packet with its answers: an ID, or what else they have in common. The number 1 and the string "1" differ. */
export type PairingKey = string | number

/** One packet that a decoder found. Bytes within `value` are `{ base64 }`. */
export interface Packet extends Pick<DecodedEvent, 'kind'>, Optional<DecodedFields> {
  readonly id?: PairingKey | undefined
  /**
   * Makes `value`, which is then not set. Most packets only update the state of a connection, so this saves time. It is
   * called while the payload is valid, or never. It does not throw: what cannot be parsed is text.
   */
  readonly lazyValue?: (() => unknown) | undefined
  /** Default: the name of the decoder. */
  readonly protocol?: string
  /**
   * The packet asks for an answer; its answers have the same key. With several keys, it asks for as many answers. Keys of
   * the two directions do not clash.
   */
  readonly asks?: PairingKey | readonly PairingKey[] | undefined
  /**
   * The packet answers the packet of the other direction that asked with this key. If it has no name or channel, it gets
   * those of the packet that asked.
   */
  readonly answersTo?: PairingKey | undefined
  /** More answers to the same packet follow. Default false: the key is free again. */
  readonly continues?: boolean
}

/** A decoder at work on one connection, or on all connections of one scope. It gets every message in order. */
export interface ConnectionDecoder {
  /**
   * The packets that end in this message. If it throws, decoding stops here for the session of the message. With a map, also
   * notes where they are in the payload; it need not if each packet is a whole message. If `hasValues` is false, the packets
   * need no values.
   */
  decode(message: EncodedMessage, map?: PacketMap, hasValues?: boolean): readonly Packet[]
  /**
   * Whether a packet goes on in a later message. It is called after `decode`, with the same message, if no packet ends in
   * that. Default false.
   */
  isInsidePacket?(message: EncodedMessage): boolean
  /** An independent copy that continues from the same state. */
  copy(): ConnectionDecoder
  /**
   * A connection of a scope opened, for the first time or again. Without a scope, a new decoder is made instead, and
   * this is not called.
   */
  opened?(facts: ConnectionFacts): void
  /** Decoding of the session of this message has stopped, so what is kept of it is not needed. */
  forget?(message: EncodedMessage): void
  /** Approximate size of the state in bytes, such as those of an incomplete packet. Default 0. */
  readonly stateSize?: number
}

/** A row of the table of decoders. */
export interface Decoder {
  /** The sub-protocol, as in `DecodedEvent.protocol`. */
  readonly name: string
  /**
   * A message is decoded without those before it, and nothing is paired, so that any message can be decoded alone.
   * Default false.
   */
  readonly isStateless?: boolean
  /** Messages are JSON, so that searching their bytes finds what the values have. Default false. */
  readonly isJson?: boolean
  /** Bytes at the beginning of a message that are enough to decode it. Default all of them. */
  readonly reads?: number
  /**
   * Connections of the same scope are one conversation: they share state, and an answer may come on another connection
   * than its request. Default: each connection alone.
   */
  scope?(facts: ConnectionFacts): string
  /**
   * The session of the scope that a message belongs to. If the bytes of one session contradict the protocol, the others
   * are still decoded. Undefined, and the default: its connection is a session.
   */
  sessionOf?(message: EncodedMessage): string | undefined
  /** Why a connection speaks this sub-protocol, for people: `subprotocol mqtt`. Undefined if it does not seem to. */
  recognize(facts: ConnectionFacts): string | undefined
  /** Like `recognize`, for one of the first messages of a connection that no decoder recognized by its facts. */
  recognizeMessage?(message: EncodedMessage): string | undefined
  /** Loads what only this decoder needs, such as the protocol's own library; called before the first `open`. */
  load?(): Promise<void>
  /** Called at the start of a connection or scope, and each time that a connection without scope opens again. */
  open(facts: ConnectionFacts): ConnectionDecoder
}
