/** A message of unknown type: its fields by number. */
import { addTo } from '../../../../shared/maps.ts'
import { base64, plainTextOf, toJson } from '../../../values.ts'
import { readFields, varint, type WireField } from './wire.ts'

/** Messages that are nested deeper stay bytes. */
const MAX_DEPTH = 50

/** Fields that occur several times are arrays. Throws if the bytes are not a message. */
export function wireTree(bytes: Uint8Array, depth = 0): Readonly<Record<string, unknown>> {
  const tree = new Map<string, unknown[]>()
  for (const field of readFields(bytes)) addTo(tree, String(field.number), wireValue(field, depth))
  return Object.fromEntries(
    Array.from(tree, ([number, values]) => [number, values.length === 1 ? values[0] : values]),
  )
}

/** What a field may be: the wire does not tell integers from floats, nor text from messages. */
export function wireValue({ type, bytes }: WireField, depth: number): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (type) {
    case 'varint':
      return toJson(varint(bytes))
    case 'fixed32':
      return { fixed32: view.getUint32(0, true), float: toJson(view.getFloat32(0, true)) }
    case 'fixed64':
      return { fixed64: toJson(view.getBigUint64(0, true)), double: toJson(view.getFloat64(0, true)) }
    case 'group':
      return depth < MAX_DEPTH ? wireTree(bytes, depth + 1) : base64(bytes)
    default:
      return bytesValue(bytes, depth)
  }
}

/** A message begins with a key, which is a control character for the first three fields. */
function bytesValue(bytes: Uint8Array, depth: number): unknown {
  const text = plainTextOf(bytes)
  if (text !== undefined && (bytes[0] ?? 0x20) >= 0x20) return text
  try {
    if (depth < MAX_DEPTH) return wireTree(bytes, depth + 1)
  } catch {
    // The bytes are something else.
  }
  return text ?? base64(bytes)
}
