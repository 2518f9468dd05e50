/** Messages of SignalR's hub protocol in MessagePack: arrays, each after its length as a varint. */
import { MAX_PACKETS } from '../../packet-bytes.ts'
import { decodeMsgpack } from '../payloads/msgpack.ts'
import { varintAt } from '../varint.ts'

const MAX_LENGTH_BYTES = 5
const NOT_FRAMES = 'The bytes are not messages of SignalR in MessagePack.'

/** What follows the type in the array, by type. `headers` are left out if they are empty. */
const FIELDS: Readonly<Record<number, readonly string[]>> = {
  1: ['headers', 'invocationId', 'target', 'arguments', 'streamIds'],
  2: ['headers', 'invocationId', 'item'],
  3: ['headers', 'invocationId', 'resultKind', 'result'],
  4: ['headers', 'invocationId', 'target', 'arguments', 'streamIds'],
  5: ['headers', 'invocationId'],
  6: [],
  7: ['error', 'allowReconnect'],
  8: ['sequenceId'],
  9: ['sequenceId'],
}
const COMPLETION = 3
const ERROR_RESULT = 1

/** Whether the payload begins with a length and an array. A handshake is JSON in both encodings. */
export function isHubFrames(payload: Uint8Array): boolean {
  const { end = payload.length } = varintAt(payload, 0, MAX_LENGTH_BYTES) ?? {}
  const first = payload[end] ?? 0
  return (first >= 0x90 && first <= 0x9f) || first === 0xdc || first === 0xdd
}

/** The messages as they are in JSON. `onEnd` learns where each ends. */
export function hubFrames(
  payload: Uint8Array,
  onEnd: (end: number) => void = () => {},
): Readonly<Record<string, unknown>>[] {
  const frames: Readonly<Record<string, unknown>>[] = []
  for (let at = 0; at < payload.length; ) {
    const length = varintAt(payload, at, MAX_LENGTH_BYTES)
    const end = length === undefined ? Number.POSITIVE_INFINITY : length.end + length.value
    if (end > payload.length) throw new Error(NOT_FRAMES)
    frames.push(asJson(payload.subarray(length?.end, end)))
    if (frames.length > MAX_PACKETS) throw new Error(`A message has more than ${MAX_PACKETS} packets.`)
    onEnd(end)
    at = end
  }
  return frames
}

function asJson(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const array = decoded(bytes)
  if (!Array.isArray(array)) throw new Error(NOT_FRAMES)
  const [type, ...rest]: unknown[] = array
  const names = typeof type === 'number' ? FIELDS[type] : undefined
  if (names === undefined) return { type, fields: rest }
  const fields = new Map(names.map((name, index) => [name, rest[index]]))
  if (type === COMPLETION) {
    if (fields.get('resultKind') === ERROR_RESULT) {
      fields.set('error', fields.get('result'))
      fields.delete('result')
    }
    fields.delete('resultKind')
  }
  return { type, ...Object.fromEntries([...fields].filter(([name, value]) => !isAbsent(name, value))) }
}

function decoded(bytes: Uint8Array): unknown {
  try {
    return decodeMsgpack(bytes)
  } catch {
    throw new Error(NOT_FRAMES)
  }
}

/** Whether JSON leaves the field out. A result or an item can be null. */
function isAbsent(name: string, value: unknown): boolean {
  if (value === undefined) return true
  if (name === 'headers') return typeof value === 'object' && Object.keys(value ?? {}).length === 0
  if (name === 'streamIds') return Array.isArray(value) && value.length === 0
  return value === null && name !== 'result' && name !== 'item'
}
