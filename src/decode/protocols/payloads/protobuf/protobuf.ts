/** Protocol Buffers: one message in each message of the connection, or a stream of them. */
import type { Direction } from '../../../../shared/event.ts'
import { fieldsOf, isFields } from '../../../../shared/fields.ts'
import {
  type Envelope,
  type MessageChoice,
  type MessageType,
  PROTOBUF,
  type SchemaFiles,
} from '../../../../shared/protocol/decoding.ts'
import type { ConnectionDecoder, ConnectionFacts, Decoder, EncodedMessage, Packet } from '../../../decoder.ts'
import { jsonOrText, textOf } from '../../../values.ts'
import { payloadType } from '../payload-type.ts'
import { FramedDecoding, type ReadMessage } from './framed.ts'
import { framingOf, framingReason, isJsonFramed } from './framing.ts'
import { messageValue } from './message-value.ts'
import { loadSchemas } from './read-schema.ts'
import { Schema } from './schema.ts'
import { wireTree } from './wire-tree.ts'

const TYPES: ReadonlySet<string> = new Set(['protobuf', 'google.protobuf', 'proto'])

/** Its options are `ProtobufOptions`. */
export const protobuf: Decoder = {
  name: PROTOBUF,
  recognize: (facts) => framingReason(facts) ?? payloadType(facts, TYPES),
  load: loadSchemas,
  open(facts) {
    const decoding = decodingOf(facts)
    const framing = framingOf(facts)
    const read: ReadMessage = isJsonFramed(facts)
      ? (bytes) => ({ kind: 'event', value: jsonOrText(textOf(bytes)) })
      : (bytes, direction) => decoding.read(bytes, direction)
    return framing === undefined ? decoding : new FramedDecoding(read, framing)
  },
}

const known = new WeakMap<object, ProtobufDecoding>()

/** Files are read once for the options of a connection. */
function decodingOf({ decoderOptions = {} }: ConnectionFacts): ProtobufDecoding {
  const decoding = known.get(decoderOptions) ?? new ProtobufDecoding(decoderOptions)
  known.set(decoderOptions, decoding)
  return decoding
}

class ProtobufDecoding implements ConnectionDecoder {
  readonly #schema: Schema | undefined
  readonly #message: MessageChoice | undefined

  constructor({ files, message }: Readonly<Record<string, unknown>>) {
    this.#schema = isFields(files) ? new Schema(files as SchemaFiles) : undefined
    this.#message = message as MessageChoice | undefined
  }

  copy(): ProtobufDecoding {
    // It has no state.
    return this
  }

  decode({ payload, direction, binary, isRequest, facts }: EncodedMessage): readonly Packet[] {
    return isRequest || (facts.transport === 'websocket' && !binary) ? [] : [this.read(payload, direction)]
  }

  /** The packet of a whole message. */
  read(bytes: Uint8Array, direction: Direction): Packet {
    const choice = typeIn(this.#message, direction)
    if (this.#schema === undefined || choice === undefined) return { kind: 'event', value: wireTree(bytes) }
    if (typeof choice !== 'string') return enveloped(this.#schema, choice, bytes)
    const type = this.#schema.type(choice)
    return { kind: 'event', name: type.name, value: messageValue(this.#schema, type, bytes) }
  }
}

/** The type of the messages in one direction. */
function typeIn(
  choice: MessageChoice | undefined,
  direction: EncodedMessage['direction'],
): MessageType | undefined {
  return typeof choice === 'object' && !('envelope' in choice) ? choice[direction] : choice
}

/** What is in an envelope stays bytes if the files do not have its type. */
function enveloped(schema: Schema, choice: Envelope, bytes: Uint8Array): Packet {
  const envelope = schema.type(choice.envelope)
  const value = messageValue(schema, envelope, bytes)
  const key = value[choice.type]
  const { base64 } = fieldsOf(value[choice.payload])
  if (key === undefined) return { kind: 'event', name: envelope.name, value }
  const { types = {} } = choice
  const name = Object.hasOwn(types, String(key)) ? (types[String(key)] ?? '') : String(key)
  const type = schema.find(name)
  if (type === undefined || typeof base64 !== 'string') return { kind: 'event', name, value }
  const inner = messageValue(schema, type, Buffer.from(base64, 'base64'))
  return { kind: 'event', name: type.name, value: { ...value, [choice.payload]: inner } }
}
