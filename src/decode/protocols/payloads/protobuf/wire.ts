/** The wire format of Protocol Buffers: https://protobuf.dev/programming-guides/encoding/ */

/** `group`: the fields of a group, which older files have. */
export type WireType = 'varint' | 'fixed64' | 'bytes' | 'group' | 'fixed32'

export interface WireField {
  readonly number: number
  readonly type: WireType
  /** The bytes of the value: all but the key, and but the length. */
  readonly bytes: Uint8Array
}

const MAX_FIELD = 2 ** 29 - 1
const MAX_VARINT = 10
/** Fields of one message. More are an attack on their reader. */
const MAX_FIELDS = 1_000_000
const NOT_PROTOBUF = 'The bytes are not a message of Protocol Buffers.'

/** The fields of a message. Throws if the bytes are not one. */
export function readFields(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = []
  const reader = { bytes, at: 0 }
  while (reader.at < bytes.length) {
    fields.push(readField(reader))
    if (fields.length > MAX_FIELDS) throw new Error(`A message has more than ${MAX_FIELDS} fields.`)
  }
  return fields
}

interface Reader {
  readonly bytes: Uint8Array
  at: number
}

function readField(reader: Reader): WireField {
  const key = Number(varint(takeVarint(reader)))
  const number = Math.floor(key / 8)
  if (number < 1 || number > MAX_FIELD) throw new Error(NOT_PROTOBUF)
  switch (key % 8) {
    case 0:
      return { number, type: 'varint', bytes: takeVarint(reader) }
    case 1:
      return { number, type: 'fixed64', bytes: take(reader, 8) }
    case 2:
      return { number, type: 'bytes', bytes: take(reader, Number(varint(takeVarint(reader)))) }
    case 3:
      return { number, type: 'group', bytes: takeGroup(reader) }
    case 5:
      return { number, type: 'fixed32', bytes: take(reader, 4) }
    default:
      throw new Error(NOT_PROTOBUF)
  }
}

/** The bytes up to the key that ends the group. Groups within are counted, not recursed into. */
function takeGroup(reader: Reader): Uint8Array {
  const start = reader.at
  for (let depth = 1; ; ) {
    const end = reader.at
    const wire = Number(varint(takeVarint(reader)) & 7n)
    if (wire === 3) depth++
    else if (wire === 4) depth--
    else if (wire === 0) takeVarint(reader)
    else if (wire === 2) take(reader, Number(varint(takeVarint(reader))))
    else if (wire === 1 || wire === 5) take(reader, wire === 1 ? 8 : 4)
    else throw new Error(NOT_PROTOBUF)
    if (depth === 0) return reader.bytes.subarray(start, end)
  }
}

function take(reader: Reader, length: number): Uint8Array {
  const { bytes, at } = reader
  if (at + length > bytes.length) throw new Error(NOT_PROTOBUF)
  reader.at += length
  return bytes.subarray(at, at + length)
}

function takeVarint(reader: Reader): Uint8Array {
  for (let length = 1; length <= MAX_VARINT; length++)
    if ((reader.bytes[reader.at + length - 1] ?? 0x80) < 0x80) return take(reader, length)
  throw new Error(NOT_PROTOBUF)
}

/** The unsigned value of a varint. */
export function varint(bytes: Uint8Array): bigint {
  if (bytes.length <= 4) {
    let small = 0
    for (let index = bytes.length - 1; index >= 0; index--) small = small * 128 + ((bytes[index] ?? 0) & 0x7f)
    return BigInt(small)
  }
  let value = 0n
  for (let index = bytes.length - 1; index >= 0; index--)
    value = (value << 7n) | BigInt((bytes[index] ?? 0) & 0x7f)
  return BigInt.asUintN(64, value)
}

/** The varints of a packed field. */
export function readVarints(bytes: Uint8Array): Uint8Array[] {
  const varints: Uint8Array[] = []
  const reader = { bytes, at: 0 }
  while (reader.at < bytes.length) varints.push(takeVarint(reader))
  return varints
}
