/**
 * The packets of Socket.IO, as its JSON, MessagePack and plain JSON parsers write them. The protocol's own parser keeps
 * incomplete packets in a state that cannot be copied, and is slower; tests compare with it.
 */

import { isFields } from '../../../shared/fields.ts'
import { tryParseJson } from '../../../shared/text/json-text.ts'
import { type Base64, toJson } from '../../values.ts'

/** In the order of their numbers. */
export const SOCKET_TYPES = [
  'CONNECT',
  'DISCONNECT',
  'EVENT',
  'ACK',
  'CONNECT_ERROR',
  'BINARY_EVENT',
  'BINARY_ACK',
] as const
type WireType = (typeof SOCKET_TYPES)[number]

export interface SocketPacket {
  readonly type: Exclude<WireType, 'BINARY_EVENT' | 'BINARY_ACK'>
  readonly namespace: string
  readonly id: number | undefined
  readonly data: unknown
  /** Number of binary packets that follow. */
  readonly attachments: number
}

const ZERO = 0x30
const SLASH = 0x2f
const MAX_ATTACHMENTS = 1000

/** The packet in the text of a `message` packet of Engine.IO; undefined if the text is not one. */
export function parsePacket(text: string): SocketPacket | undefined {
  if (text.charCodeAt(0) === 0x7b) return packetIn(tryParseJson(text))
  const wireType = SOCKET_TYPES[text.charCodeAt(0) - ZERO]
  if (wireType === undefined) return undefined
  let at = 1
  let attachments = 0
  let type: SocketPacket['type']
  if (wireType === 'BINARY_EVENT' || wireType === 'BINARY_ACK') {
    type = wireType === 'BINARY_EVENT' ? 'EVENT' : 'ACK'
    const end = endOfDigits(text, at)
    attachments = Number(text.slice(at, end))
    // An event of Socket.IO 2 may be binary without attachments.
    if (end === at || text[end] !== '-' || attachments > MAX_ATTACHMENTS) return undefined
    at = end + 1
  } else type = wireType
  let namespace = '/'
  if (text.charCodeAt(at) === SLASH) {
    const comma = text.indexOf(',', at)
    const end = comma < 0 ? text.length : comma
    namespace = text.slice(at, end)
    at = end + 1
  }
  const endOfId = endOfDigits(text, at)
  const id = endOfId === at ? undefined : Number(text.slice(at, endOfId))
  // `undefined` says that the text is not JSON.
  const data = endOfId < text.length ? tryParseJson(text.slice(endOfId)) : null
  if (data === undefined || !isValid(type, data)) return undefined
  return { type, namespace, id, data: data ?? undefined, attachments }
}

/** The packet in a decoded object: the fields are those of the protocol's MessagePack parser. */
export function packetIn(object: unknown): SocketPacket | undefined {
  if (!isFields(object)) return undefined
  const { type: number, nsp, id, data } = object
  const type = typeof number === 'number' ? SOCKET_TYPES[number] : undefined
  if (type === undefined || type === 'BINARY_EVENT' || type === 'BINARY_ACK' || typeof nsp !== 'string')
    return undefined
  if (id !== undefined && id !== null && typeof id !== 'number') return undefined
  if (!isValid(type, data ?? null)) return undefined
  return { type, namespace: nsp, id: id ?? undefined, data: toJson(data ?? undefined), attachments: 0 }
}

/** Puts the attachments in the places that stand for them. */
export function attach(data: unknown, attachments: readonly Base64[]): void {
  const waiting: unknown[] = [data]
  // Not recursive, because the sender chooses the depth.
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node !== 'object' || node === null) continue
    const fields = node as Record<string, unknown>
    for (const key of Object.keys(fields)) {
      const field = fields[key]
      const value =
        isFields(field) && field._placeholder === true ? attachments[Number(field.num)] : undefined
      // The key is a field already, so that even `__proto__` sets only that field.
      if (value !== undefined) fields[key] = value
      else if (field !== undefined) waiting.push(field)
    }
  }
}

function isValid(type: SocketPacket['type'], data: unknown): boolean {
  if (type === 'EVENT')
    return Array.isArray(data) && (typeof data[0] === 'string' || typeof data[0] === 'number')
  if (type === 'ACK') return Array.isArray(data)
  if (type === 'DISCONNECT') return data === null
  return data === null || isFields(data) || (type === 'CONNECT_ERROR' && typeof data === 'string')
}

function endOfDigits(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); code >= ZERO && code <= ZERO + 9; code = text.charCodeAt(at)) at++
  return at
}
