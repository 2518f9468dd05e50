/** A message of a known type as JSON, with the names of the file. Integers beyond 2^53 are text, enums their names. */
import { base64, textOf, toJson } from '../../../values.ts'
import type { FieldType, MessageType, Schema } from './schema.ts'
import { readFields, readVarints, varint, type WireField } from './wire.ts'
import { wireValue } from './wire-tree.ts'

const MAX_DEPTH = 100
const ANY = 'google.protobuf.Any'

type Value = Readonly<Record<string, unknown>>

/**
 * Fields that the type does not have are named by their numbers: `#7`. Those of a type that no file has are shown as
 * without a file. Throws if the bytes are not a message.
 */
export function messageValue(schema: Schema, type: MessageType, bytes: Uint8Array, depth = 0): Value {
  if (depth > MAX_DEPTH) throw new Error(`The message is nested more than ${MAX_DEPTH} levels deep.`)
  const value = new Map<string, unknown>()
  for (const wire of readFields(bytes)) {
    const field = type.fields.get(wire.number)
    if (field?.type === 'unknown') append(value, field.name, wireValue(wire, 0))
    else if (field === undefined || !fits(field, wire)) append(value, `#${wire.number}`, wireValue(wire, 0))
    else if (field.isMap) addEntry(value, field, entryOf(schema, field, wire, depth))
    else if (!field.isRepeated) value.set(field.name, fieldValue(schema, field, wire, depth))
    else addAll(list(value, field.name), valuesOf(schema, field, wire, depth))
  }
  const fields = Object.fromEntries(
    Array.from(value, ([name, each]) => [name, each instanceof Map ? Object.fromEntries(each) : each]),
  )
  return type.name === ANY ? unpacked(schema, fields, depth) : fields
}

function list(value: Map<string, unknown>, name: string): unknown[] {
  const known = value.get(name)
  if (Array.isArray(known)) return known
  const values: unknown[] = []
  value.set(name, values)
  return values
}

function addAll(all: unknown[], values: readonly unknown[]): void {
  for (const value of values) all.push(value)
}

/** Unknown fields that occur several times are arrays. */
function append(value: Map<string, unknown>, name: string, each: unknown): void {
  const known = value.get(name)
  if (known === undefined) value.set(name, each)
  else if (Array.isArray(known)) known.push(each)
  else value.set(name, [known, each])
}

function addEntry(value: Map<string, unknown>, { name }: FieldType, entry: Value): void {
  const known = value.get(name)
  const entries = known instanceof Map ? known : new Map<string, unknown>()
  if (known !== entries) value.set(name, entries)
  entries.set(String(entry.key ?? ''), entry.value ?? null)
}

function entryOf(schema: Schema, { message }: FieldType, { bytes }: WireField, depth: number): Value {
  const entry = message?.()
  return entry === undefined ? {} : messageValue(schema, entry, bytes, depth + 1)
}

const WIRE_TYPES: Readonly<Record<string, WireField['type']>> = {
  double: 'fixed64',
  fixed64: 'fixed64',
  sfixed64: 'fixed64',
  float: 'fixed32',
  fixed32: 'fixed32',
  sfixed32: 'fixed32',
  string: 'bytes',
  bytes: 'bytes',
}

/** Whether the wire has the field as its type says; lists of numbers may also be packed. */
function fits(field: FieldType, wire: WireField): boolean {
  if (field.type === 'message') return wire.type === 'bytes' || wire.type === 'group'
  const expected = WIRE_TYPES[field.type] ?? 'varint'
  return wire.type === expected || (field.isRepeated && wire.type === 'bytes')
}

function valuesOf(schema: Schema, field: FieldType, wire: WireField, depth: number): unknown[] {
  const type = field.type === 'message' ? 'bytes' : (WIRE_TYPES[field.type] ?? 'varint')
  if (wire.type !== 'bytes' || type === 'bytes') return [fieldValue(schema, field, wire, depth)]
  const { number, bytes } = wire
  const size = type === 'fixed64' ? 8 : 4
  const items =
    type === 'varint'
      ? readVarints(bytes)
      : Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        )
  return items.map((item) => fieldValue(schema, field, { number, type, bytes: item }, depth))
}

function fieldValue(schema: Schema, field: FieldType, { bytes }: WireField, depth: number): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (field.type) {
    case 'message': {
      const type = field.message?.()
      return type === undefined ? base64(bytes) : messageValue(schema, type, bytes, depth + 1)
    }
    case 'string':
      return textOf(bytes)
    case 'bytes':
      return base64(bytes)
    case 'double':
      return toJson(view.getFloat64(0, true))
    case 'float':
      return toJson(view.getFloat32(0, true))
    case 'fixed32':
      return view.getUint32(0, true)
    case 'sfixed32':
      return view.getInt32(0, true)
    case 'fixed64':
      return toJson(view.getBigUint64(0, true))
    case 'sfixed64':
      return toJson(view.getBigInt64(0, true))
    default:
      return integer(field, varint(bytes))
  }
}

function integer({ type, names }: FieldType, value: bigint): unknown {
  switch (type) {
    case 'bool':
      return value !== 0n
    case 'enum': {
      const number = Number(BigInt.asIntN(32, value))
      return names?.[number] ?? number
    }
    case 'int32':
      return Number(BigInt.asIntN(32, value))
    case 'uint32':
      return Number(BigInt.asUintN(32, value))
    case 'sint32':
    case 'sint64':
      return toJson((value >> 1n) ^ -(value & 1n))
    case 'int64':
      return toJson(BigInt.asIntN(64, value))
    default:
      return toJson(value)
  }
}

/** The content of an `Any`, if the files have its type. */
function unpacked(schema: Schema, any: Value, depth: number): Value {
  const { type_url: url = '', value } = any
  const name = String(url).slice(String(url).lastIndexOf('/') + 1)
  try {
    const { base64: text = '' } = value as { base64?: string }
    const content = messageValue(schema, schema.type(name), Buffer.from(text, 'base64'), depth + 1)
    return { '@type': url, ...content }
  } catch {
    return any
  }
}
