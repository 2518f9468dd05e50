/** Ids of MQTT: identifiers of packets, of the client and of subscriptions, and correlation data. */

import { fixedHeader } from '../protocols/mqtt/packet-size.ts'
import { varintAt } from '../protocols/varint.ts'
import { asBuffer } from '../values.ts'
import { encodeVarint } from './encode-varint.ts'
import type {
  CarriedMessage,
  PacketParts,
  PacketSplitter,
  ProtocolIds,
  ReplaceId,
  WholePacket,
} from './ids.ts'
import { opposite } from './ids.ts'
import { replaceInProperties } from './mqtt-properties.ts'
import { packetText } from './packet-text.ts'
import { StreamSplitter, writeEach } from './splitters.ts'

/** Types of packets, which are the upper half of the first byte. */
const CONNECT = 1
const CONNACK = 2
const PUBLISH = 3
const SUBSCRIBE = 8
/** Packets with an identifier of a packet that their own side sent. */
const OWN: ReadonlySet<number> = new Set([6, 8, 10])
/** PUBACK, PUBREC, PUBCOMP, SUBACK and UNSUBACK: with an identifier of the other side. */
const ANSWERS: ReadonlySet<number> = new Set([4, 5, 7, 9, 11])
const VERSION_5 = 5
const MAX_ID = 0xffff
const MAX_LENGTH = 0xffff

export const mqttIds: ProtocolIds = {
  name: 'mqtt',
  splitter: () => new MqttSplitter(),
  replace: (packet, replace) => attempt(() => replaced(packet, replace)) ?? packet.bytes,
  parts: (packet) => attempt(() => partsOf(packet)),
  write: writeEach,
}

/** Undefined for bytes that are not a packet. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

interface MqttWholePacket extends WholePacket {
  /** 0 before CONNECT. */
  readonly version: number
}

/** Takes note of the version, because packets of version 5 have properties. */
class MqttSplitter implements PacketSplitter {
  readonly #stream = new StreamSplitter(mqttIds, () => (bytes) => fixedHeader(bytes)?.size)
  #version = 0

  push(message: CarriedMessage): readonly MqttWholePacket[] {
    return this.#stream.push(message).map((packet) => {
      this.#version = attempt(() => versionIn(packet.bytes)) ?? this.#version
      return { ...packet, version: this.#version }
    })
  }

  finish(): readonly WholePacket[] {
    return this.#stream.finish()
  }
}

/** The version that CONNECT has after the name of the protocol. */
function versionIn(bytes: Uint8Array): number | undefined {
  if ((bytes[0] ?? 0) >> 4 !== CONNECT) return undefined
  const { bodyAt } = fixedHeader(bytes) ?? {}
  return bodyAt === undefined || bodyAt + 2 > bytes.length ? undefined : bytes[stringEnd(bytes, bodyAt)]
}

/** Only PUBLISH has data of the application. */
function partsOf(packet: WholePacket): PacketParts | undefined {
  const { bytes } = packet
  const { bodyAt } = fixedHeader(bytes) ?? {}
  if ((bytes[0] ?? 0) >> 4 !== PUBLISH || bodyAt === undefined) return undefined
  const topicEnd = stringEnd(bytes, bodyAt)
  const idEnd = topicEnd + (hasPacketId(bytes) ? 2 : 0)
  const version = 'version' in packet ? packet.version : 0
  const properties = version === VERSION_5 ? varintAt(bytes, idEnd, 4) : undefined
  const dataAt = properties === undefined ? idEnd : properties.end + properties.value
  if (dataAt > bytes.length) return undefined
  const buffer = asBuffer(bytes)
  const head = {
    packet: 'PUBLISH',
    flags: String((bytes[0] ?? 0) & 0x0f),
    topic: buffer.toString('utf8', bodyAt + 2, topicEnd),
    id: buffer.toString('hex', topicEnd, idEnd),
    properties: buffer.toString('hex', idEnd, dataAt),
  }
  return { head, data: bytes.subarray(dataAt) }
}

function replaced(packet: WholePacket, replace: ReplaceId): Uint8Array {
  const { bytes, direction } = packet
  const type = (bytes[0] ?? 0) >> 4
  const header = fixedHeader(bytes)
  if (header === undefined || header.size !== bytes.length) return bytes
  const { bodyAt } = header
  const packetId = (at: number, side: WholePacket['direction']) =>
    replacePacketId(bytes, at, (id) => replace('request', id, side))
  const properties = (before: Uint8Array, at: number) =>
    'version' in packet && packet.version === VERSION_5
      ? withLength(replaceInProperties(before, at, replace), before, bodyAt)
      : before
  if (type === SUBSCRIBE) return properties(packetId(bodyAt, direction), bodyAt + 2)
  if (OWN.has(type)) return packetId(bodyAt, direction)
  if (ANSWERS.has(type)) return packetId(bodyAt, opposite(direction))
  if (type === PUBLISH) {
    const at = stringEnd(bytes, bodyAt)
    return hasPacketId(bytes) ? properties(packetId(at, direction), at + 2) : properties(bytes, at)
  }
  if (type === CONNECT)
    return withLength(
      replaceString(bytes, clientIdAt(bytes, bodyAt), (id) => replace('client', id, 'in')),
      bytes,
      bodyAt,
    )
  return type === CONNACK ? properties(bytes, bodyAt + 2) : bytes
}

/** A packet whose header has the length of what follows; the same array if nothing has changed. */
function withLength(changed: Uint8Array, before: Uint8Array, bodyAt: number): Uint8Array {
  if (changed === before) return before
  const body = changed.subarray(bodyAt)
  return Buffer.concat([changed.subarray(0, 1), encodeVarint(body.length), body])
}

/** Packets of QoS 0 have none. */
function hasPacketId(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0b110) !== 0
}

function replacePacketId(
  bytes: Uint8Array,
  at: number,
  change: (id: number) => string | number | undefined,
): Uint8Array {
  if (at + 2 > bytes.length) return bytes
  const id = asBuffer(bytes).readUInt16BE(at)
  const replacement = change(id)
  if (typeof replacement !== 'number' || !isPacketId(replacement) || replacement === id) return bytes
  const copy = Buffer.from(bytes)
  copy.writeUInt16BE(replacement, at)
  return copy
}

function isPacketId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= MAX_ID
}

/** Where the client's identifier is in CONNECT: after the protocol's name, version, flags, keep-alive and properties. */
function clientIdAt(bytes: Uint8Array, bodyAt: number): number {
  const nameEnd = stringEnd(bytes, bodyAt)
  const at = nameEnd + 4
  if (bytes[nameEnd] !== VERSION_5) return at
  const properties = varintAt(bytes, at, 4)
  return properties === undefined ? bytes.length : properties.end + properties.value
}

function stringEnd(bytes: Uint8Array, at: number): number {
  return at + 2 + asBuffer(bytes).readUInt16BE(at)
}

function replaceString(
  bytes: Uint8Array,
  at: number,
  change: (id: string) => string | number | undefined,
): Uint8Array {
  const end = stringEnd(bytes, at)
  const id = end > bytes.length ? undefined : packetText(bytes.subarray(at + 2, end))
  const replacement = id === undefined || id === '' ? undefined : change(id)
  if (replacement === undefined || replacement === id) return bytes
  const text = Buffer.from(String(replacement))
  if (text.length > MAX_LENGTH) return bytes
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([bytes.subarray(0, at), length, text, bytes.subarray(end)])
}
