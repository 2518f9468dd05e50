/** The fields of the packets of MQTT 3.1.1 and 5.0, in the order of their bytes (sections 2 and 3 of either). */
import type { FieldCursor } from '../../field-cursor.ts'
import { varintAt } from '../varint.ts'
import { LENGTH_BYTES } from './packet-size.ts'

/** By the first four bits. */
const TYPES = [
  undefined,
  'CONNECT',
  'CONNACK',
  'PUBLISH',
  'PUBACK',
  'PUBREC',
  'PUBREL',
  'PUBCOMP',
  'SUBSCRIBE',
  'SUBACK',
  'UNSUBSCRIBE',
  'UNSUBACK',
  'PINGREQ',
  'PINGRESP',
  'DISCONNECT',
  'AUTH',
] as const

/** The version that has properties and reason codes everywhere. */
const VERSION_5 = 5
/** The highest bit of the version says that the client is a bridge. */
const VERSION_BITS = 0x7f
/** Flags of CONNECT. */
const HAS_WILL = 0x04
const HAS_PASSWORD = 0x40
const HAS_USER_NAME = 0x80

/** The type of the packet that begins with a byte. */
export function typeOf(first: number | undefined): string | undefined {
  return first === undefined ? undefined : TYPES[first >> 4]
}

/** Notes the fields of a whole packet. */
export function mapFields(fields: FieldCursor, version: number | undefined): void {
  const first = fields.at(0) ?? 0
  const type = typeOf(first)
  fields.number('packet type and flags', 1, type === undefined ? {} : { meaning: type })
  varint(fields, 'remaining length', { path: '$.length' })
  const isVersion5 = version === VERSION_5
  switch (type) {
    case 'CONNECT':
      connect(fields)
      break
    case 'CONNACK':
      fields.number('acknowledge flags', 1, { path: '$.sessionPresent' })
      if (isVersion5) reason(fields)
      else fields.number('return code', 1, { path: '$.returnCode' })
      break
    case 'PUBLISH':
      text(fields, 'topic', '$.topic')
      if ((first & 0x06) > 0) packetId(fields)
      if (isVersion5) properties(fields)
      fields.rest('payload', { path: '$.payload' })
      break
    case 'SUBSCRIBE':
      packetId(fields)
      if (isVersion5) properties(fields)
      for (let at = 0; fields.left > 0; at++) {
        text(fields, 'topic filter', `$.subscriptions[${at}].topic`)
        fields.number('subscription options', 1, { path: `$.subscriptions[${at}]` })
      }
      break
    case 'UNSUBSCRIBE':
      packetId(fields)
      if (isVersion5) properties(fields)
      for (let at = 0; fields.left > 0; at++) text(fields, 'topic filter', `$.unsubscriptions[${at}]`)
      break
    case 'SUBACK':
    case 'UNSUBACK':
      packetId(fields)
      if (isVersion5) properties(fields)
      fields.rest(isVersion5 ? 'reason codes' : 'return codes', { path: '$.granted', isNumber: true })
      break
    case 'DISCONNECT':
    case 'AUTH':
      reason(fields)
      break
    default:
      packetId(fields)
      reason(fields)
  }
}

function connect(fields: FieldCursor): void {
  text(fields, 'protocol name', '$.protocolId')
  const isVersion5 = ((fields.at(0) ?? 0) & VERSION_BITS) === VERSION_5
  fields.number('protocol version', 1, { path: '$.protocolVersion' })
  const flags = fields.at(0) ?? 0
  fields.number('connect flags', 1)
  fields.number('keep alive', 2, { path: '$.keepalive' })
  if (isVersion5) properties(fields)
  text(fields, 'client id', '$.clientId')
  if ((flags & HAS_WILL) !== 0) {
    if (isVersion5) properties(fields, 'will properties', '$.will.properties')
    text(fields, 'will topic', '$.will.topic')
    text(fields, 'will payload', '$.will.payload')
  }
  if ((flags & HAS_USER_NAME) !== 0) text(fields, 'user name', '$.username')
  if ((flags & HAS_PASSWORD) !== 0) text(fields, 'password', '$.password')
}

function packetId(fields: FieldCursor): void {
  fields.number('packet id', 2, { path: '$.messageId' })
}

/** The reason code and the properties, which a packet may lack. */
function reason(fields: FieldCursor): void {
  fields.number('reason code', 1, { path: '$.reasonCode' })
  properties(fields)
}

function properties(fields: FieldCursor, name = 'properties', path = '$.properties'): void {
  const length = varintAt(fields, 0, LENGTH_BYTES)
  fields.number(name, length === undefined ? fields.left : length.end + length.value, { path })
}

/** Bytes after their length in two bytes. */
function text(fields: FieldCursor, name: string, path: string): void {
  const length = (fields.at(0) ?? 0) * 256 + (fields.at(1) ?? 0)
  fields.number(`${name} length`, 2)
  fields.field(name, length, { path })
}

function varint(fields: FieldCursor, name: string, facts: { readonly path: string }): void {
  fields.number(name, varintAt(fields, 0, LENGTH_BYTES)?.end ?? 1, facts)
}
