/**
 * Reads the packets of Socket.IO that make up nearly all traffic, events and acknowledgments in plain JSON, without
 * parsing their arguments.
 */
import type { SocketPacket } from './packets.ts'

const EVENT = 0x32
const ACK = 0x33
const SLASH = 0x2f
const COMMA = 0x2c
const ZERO = 0x30
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
/** Digits of an ID that are exact as a number. */
const MAX_DIGITS = 15

/** A packet whose arguments are not parsed. */
export type PacketHead = Pick<SocketPacket, 'namespace' | 'id'> & {
  readonly type: 'EVENT' | 'ACK'
  /** The name of an event. */
  readonly name: string | undefined
  /** Where its data begins, a JSON array. */
  readonly dataAt: number
}

/**
 * The packet at `from`. Undefined for other packets, and if the protocol's own encoder would write the packet in another
 * way.
 */
export function packetHead(bytes: Buffer, from: number): PacketHead | undefined {
  const kind = bytes[from]
  if ((kind !== EVENT && kind !== ACK) || bytes[bytes.length - 1] !== CLOSING_BRACKET) return undefined
  let at = from + 1
  let namespace = '/'
  if (bytes[at] === SLASH) {
    const comma = bytes.indexOf(COMMA, at)
    if (comma < 0) return undefined
    namespace = bytes.toString('utf8', at, comma)
    at = comma + 1
  }
  const idAt = at
  let id = 0
  for (let digit = digitAt(bytes, at); digit >= 0 && digit <= 9; digit = digitAt(bytes, at)) {
    id = id * 10 + digit
    at++
  }
  if (at - idAt > MAX_DIGITS || bytes[at] !== OPENING_BRACKET) return undefined
  const dataAt = at
  let name: string | undefined
  if (kind === EVENT) {
    name = nameAt(bytes, at + 1)
    if (name === undefined) return undefined
  }
  return { type: kind === EVENT ? 'EVENT' : 'ACK', namespace, id: at === idAt ? undefined : id, name, dataAt }
}

/** The string that begins at `at` and ends an item of an array; undefined if it has escapes or is not a string. */
function nameAt(bytes: Buffer, at: number): string | undefined {
  if (bytes[at] !== QUOTE) return undefined
  let end = at + 1
  let isAscii = true
  for (; bytes[end] !== QUOTE; end++) {
    const byte = bytes[end]
    if (byte === undefined || byte === BACKSLASH || byte < 0x20) return undefined
    if (byte > 0x7e) isAscii = false
  }
  const next = bytes[end + 1]
  if (next !== COMMA && next !== CLOSING_BRACKET) return undefined
  return bytes.toString(isAscii ? 'latin1' : 'utf8', at + 1, end)
}

function digitAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) - ZERO
}
