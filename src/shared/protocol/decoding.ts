/** What the decoders say of the messages and connections of a session. */
import type { DecodedEvent, DecodedKind } from '../decoded.ts'
import type { Dialect } from '../dialect.ts'
import type { Direction } from '../event.ts'
import type { RequestFigures } from '../exchange.ts'
import type { JoinedPacket, MessageMap } from '../packet-map.ts'

/** What a row of the list shows of the packets of a message. */
export interface DecodedPreview {
  readonly protocol: string
  /** Of the first packet that is not a heartbeat, as are the next fields. */
  readonly kind: DecodedKind
  /** What the protocol itself calls such a packet, such as `SUBACK`; empty if its name says all. Absent if it has no word. */
  readonly word?: string
  readonly name?: string
  readonly channel?: string
  readonly id?: string
  /** Milliseconds since the request that it answers. */
  readonly latency?: number
  /** Its value as one short line without braces; empty if it has none. */
  readonly text: string
  /** Number of packets that end in the message. */
  readonly packets: number
  /** All of them only keep the connection alive. */
  readonly heartbeat: boolean
  /** One of them asks for an answer that has not come. */
  readonly unanswered: boolean
}

/** The decoder of a connection. */
export interface ConnectionDecoding {
  /** The name of the decoder; `NO_DECODER` if the user chose to have none. */
  readonly decoder: string
  /** Why it was chosen, such as `path /socket.io/ and EIO=4`. */
  readonly reason: string
  /** Whether the user chose it. */
  readonly isChosen: boolean
  /** Why the connection is decoded no further, or not by the decoder that seemed to fit. */
  readonly problem?: string
}

/** The packets of a message. */
export interface DecodedMessage {
  /** Undefined while they are not known yet: `decoded` tells when to ask again. */
  readonly events: readonly DecodedEvent[] | null
  /** Null if the connection is not decoded. */
  readonly connection: ConnectionDecoding | null
}

/** Where the packets of a message are in its bytes. */
export interface DecodedBytes extends MessageMap {
  /** The first packet that ends in a later message, if it has a part in this one and its end was found. */
  readonly end: ConversationPart | null
  /** The first packet that ends in the message, if it began in an earlier one. Null if it is not kept or too large. */
  readonly joined: JoinedPacket | null
}

/** One side of a conversation. */
export interface ConversationPart {
  /** Number of the event. */
  readonly index: number
  /** Session time in ms. */
  readonly time: number
  readonly direction: 'in' | 'out'
  readonly preview: DecodedPreview
}

/** A request with its answers. */
export interface DecodedConversation {
  readonly request: ConversationPart
  /** In the order of their events; `preview.latency` is the time since the request. */
  readonly answers: readonly ConversationPart[]
  /** No answer has come. */
  readonly isWaiting: boolean
  /** There may be more answers than were looked for. */
  readonly isCut: boolean
  /** Of all requests with this name, on the connection and those that belong to it; null if they are not known. */
  readonly figures: RequestFigures | null
}

/** What the decoders found in some of the newest messages, for completions. */
export interface SeenDecoded {
  readonly protocols: readonly string[]
  /** Names with the kinds of their packets. */
  readonly names: readonly { readonly name: string; readonly kinds: readonly DecodedKind[] }[]
  readonly channels: readonly string[]
}

export const NOTHING_DECODED: SeenDecoded = { protocols: [], names: [], channels: [] }

/** The name that stands for no decoder. */
export const NO_DECODER = 'none'

/** The decoder that takes files with message types. */
export const PROTOBUF = 'protobuf'

/** What the user sets for a decoder, such as the message type of Protobuf. */
export type DecoderOptions = Readonly<Record<string, unknown>>

/** Files with message types, by name: the text of `.proto` files, and descriptor sets. */
export type SchemaFiles = Readonly<Record<string, string | { readonly base64: string }>>

/** Whether a file has message types as text, or else as a descriptor set. */
export function isSchemaText(name: string): boolean {
  return name.endsWith('.proto')
}

/** A file that a `.proto` file imports, and that is in none of the folders where it was looked for. */
export interface MissingImport {
  readonly file: string
  readonly imports: string
  readonly folders: readonly string[]
}

/** A message whose field `type` names the type of the message in its field `payload`. */
export interface Envelope {
  /** The type of the message itself. */
  readonly envelope: string
  readonly type: string
  readonly payload: string
  /** Types by the values of the field `type`, if those are not names of types. */
  readonly types?: Readonly<Record<string, string>>
}

/** The name of a type, or an envelope. */
export type MessageType = string | Envelope

/** The type of messages; without one, wire types are shown. */
export type MessageChoice = MessageType | Readonly<Partial<Record<Direction, MessageType>>>

/** The options of the decoder `protobuf`. */
export interface ProtobufOptions {
  readonly files: SchemaFiles
  readonly message: MessageChoice
}

/** A message type in a file. */
export interface MessageTypeInfo {
  readonly name: string
  readonly fields: readonly { readonly name: string; readonly type: string; readonly isRepeated: boolean }[]
}

/** Calls on decoded events. The page makes them through the host. */
export type DecodingMethods = {
  /** The packets of a message. Rejects with NO_EVENT. */
  decoded: { params: { readonly index: number }; result: DecodedMessage }
  /** Where the packets of a message are in its bytes; null while that is not known yet. Rejects with NO_EVENT. */
  decodedBytes: { params: { readonly index: number }; result: DecodedBytes | null }
  /** The request and the answers that an event is a part of; null if it is neither. Rejects with NO_EVENT. */
  conversation: { params: { readonly index: number }; result: DecodedConversation | null }
  /** The names that `setDecoder` takes. */
  decoders: { params: null; result: readonly string[] }
  /** Protocols, names and channels in some of the newest messages. */
  seenDecoded: { params: null; result: SeenDecoded }
}

/** Calls of the host to the engine. */
export type DecodingEngineMethods = {
  /**
   * Decodes a connection as the user says: with a decoder, with `none`, or with the one that is recognized if it is null.
   * Rejects with UNKNOWN_DECODER.
   */
  setDecoder: {
    params: {
      readonly connection: number
      readonly decoder: string | null
      readonly options?: DecoderOptions
    }
    result: null
  }
  /** The users' own dialects of JSON have changed: messages are decoded again by them. */
  setDialects: { params: { readonly dialects: readonly Dialect[] }; result: null }
  /** The message types in files. Rejects with BAD_SCHEMA. */
  messageTypes: { params: { readonly files: SchemaFiles }; result: readonly MessageTypeInfo[] }
  /** Checks that the files have the types. Rejects with BAD_SCHEMA. */
  checkTypes: {
    params: { readonly options: ProtobufOptions; readonly missing: readonly MissingImport[] }
    result: null
  }
}

/** Calls of the page to the host. */
export type DecodingPanelMethods = {
  /** Decodes a connection as `setDecoder` of the engine does. */
  setDecoder: { params: { readonly connection: number; readonly decoder: string | null }; result: null }
  /** Asks for message types of Protocol Buffers and decodes a connection by them. */
  chooseMessageTypes: { params: { readonly connection: number }; result: null }
}
