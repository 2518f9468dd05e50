/** What a packet says, without its ids and without how it is written. */
import { keyWithoutIds, type PacketParts, type WholePacket, withoutIds } from '../../decode/ids/ids.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'
import { canonicalJson } from './canonical-json.ts'

/** Ends the packets of some protocols. */
const RECORD_SEPARATOR = '\u001e'

/**
 * The same for packets that say the same: their JSON may be written in different ways, also after a prefix such as `42`, and
 * their header fields may have another order.
 */
export function contentKey(packet: WholePacket): string {
  const plain = withoutIds(packet)
  const parts = packet.protocol.parts?.(plain)
  if (parts !== undefined) return keyOf(packet, headOf(parts), dataOf(parts))
  const text = packet.binary ? undefined : decodeUtf8(plain.bytes)
  if (text === undefined || packet.attachments.length > 0) return keyWithoutIds(packet)
  const at = jsonStart(text)
  const json = at < 0 ? undefined : canonicalJson(withoutSeparator(text.slice(at)))
  return json === undefined ? keyWithoutIds(packet) : keyOf(packet, text.slice(0, at), json)
}

/** The text before the JSON of a packet, such as `40/admin,` of a CONNECT packet. Empty if there is none. */
export function beforeJson(packet: WholePacket): string {
  const text = packet.binary ? '' : (decodeUtf8(withoutIds(packet).bytes) ?? '')
  return text.slice(0, Math.max(0, jsonStart(text)))
}

function jsonStart(text: string): number {
  return text.search(/[[{]/)
}

function withoutSeparator(text: string): string {
  return text.endsWith(RECORD_SEPARATOR) ? text.slice(0, -1) : text
}

/** The fields of a packet in alphabetical order. */
function headOf({ head }: PacketParts): string {
  return JSON.stringify(Object.entries(head).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function dataOf({ data }: PacketParts): string {
  const text = decodeUtf8(data)
  return text === undefined ? Buffer.from(data).toString('latin1') : (canonicalJson(text) ?? text)
}

function keyOf({ protocol, direction, eventName }: WholePacket, prefix: string, content: string): string {
  return JSON.stringify([protocol.name, direction, eventName, prefix, content])
}
