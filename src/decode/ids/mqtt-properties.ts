/** Ids in the properties of MQTT 5.0 (section 2.2.2). */
import { varintAt } from '../protocols/varint.ts'
import { asBuffer } from '../values.ts'
import { encodeVarint } from './encode-varint.ts'
import type { ReplaceId } from './ids.ts'

/** The number of bytes by the identifier of the property; texts and bytes have their length before them. */
const SIZES: Readonly<Record<number, number | 'varint' | 'text' | 'pair'>> = {
  1: 1,
  2: 4,
  3: 'text',
  8: 'text',
  9: 'text',
  11: 'varint',
  17: 4,
  18: 'text',
  19: 2,
  21: 'text',
  22: 'text',
  23: 1,
  24: 4,
  25: 1,
  26: 'text',
  28: 'text',
  31: 'text',
  33: 2,
  34: 2,
  35: 2,
  36: 1,
  37: 1,
  38: 'pair',
  39: 4,
  40: 1,
  41: 1,
  42: 1,
}

/** Properties with ids: what a server answers to by, the subscriptions of a message, the client that a server names. */
const CORRELATION_DATA = 9
const SUBSCRIPTION = 11
const ASSIGNED_CLIENT = 18
const MAX_SUBSCRIPTION = 268_435_455
const MAX_LENGTH = 0xffff

/** The bytes with the ids in the properties at `at` replaced; the same array if nothing changes. Throws for other bytes. */
export function replaceInProperties(bytes: Uint8Array, at: number, replace: ReplaceId): Uint8Array {
  const length = varintAt(bytes, at, 4)
  if (length === undefined || length.end + length.value > bytes.length)
    throw new Error('The properties are not complete.')
  const end = length.end + length.value
  const parts: Uint8Array[] = []
  let isSame = true
  for (let next = length.end; next < end; ) {
    const id = bytes[next] ?? 0
    const valueEnd = endOf(bytes, id, next + 1)
    const value = bytes.subarray(next + 1, valueEnd)
    const other = replacedValue(id, value, replace)
    isSame &&= other === undefined
    parts.push(bytes.subarray(next, next + 1), other ?? value)
    next = valueEnd
  }
  if (isSame) return bytes
  const section = Buffer.concat(parts)
  return Buffer.concat([bytes.subarray(0, at), encodeVarint(section.length), section, bytes.subarray(end)])
}

/** The bytes of another value; undefined if it stays. */
function replacedValue(id: number, value: Uint8Array, replace: ReplaceId): Uint8Array | undefined {
  if (id === SUBSCRIPTION) {
    const number = varintAt(value, 0, 4)?.value ?? 0
    const other = replace('subscription', number, 'in')
    const isId =
      typeof other === 'number' && Number.isInteger(other) && other >= 0 && other <= MAX_SUBSCRIPTION
    return isId && other !== number ? encodeVarint(other) : undefined
  }
  if (id !== CORRELATION_DATA && id !== ASSIGNED_CLIENT) return undefined
  // Each byte of the correlation data is a character here.
  const encoding = id === ASSIGNED_CLIENT ? 'utf8' : 'latin1'
  const text = asBuffer(value).toString(encoding, 2)
  if (text === '' || !Buffer.from(text, encoding).equals(value.subarray(2))) return undefined
  const other = replace(id === ASSIGNED_CLIENT ? 'client' : 'correlation', text, 'in')
  if (other === undefined || String(other) === text) return undefined
  const content = Buffer.from(String(other), encoding)
  if (content.length > MAX_LENGTH) return undefined
  const size = Buffer.alloc(2)
  size.writeUInt16BE(content.length)
  return Buffer.concat([size, content])
}

function endOf(bytes: Uint8Array, id: number, start: number): number {
  const size = SIZES[id]
  const textEnd = (at: number) => at + 2 + asBuffer(bytes).readUInt16BE(at)
  if (typeof size === 'number') return start + size
  if (size === 'text') return textEnd(start)
  if (size === 'pair') return textEnd(textEnd(start))
  const value = size === undefined ? undefined : varintAt(bytes, start, 4)
  if (value === undefined) throw new Error('The bytes are not a property.')
  return value.end
}
