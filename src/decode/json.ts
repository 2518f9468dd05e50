/** JSON objects (RFC 8259), named by one of a few common fields. */
import { isUtf8 } from 'node:buffer'
import type { DecodedEvent } from '../shared/decoded.ts'
import { decodeUtf8 } from '../shared/text/decode.ts'
import type { ConnectionDecoder, Decoder, EncodedMessage } from './decoder.ts'
import { nameIn } from './naming-field.ts'
import { asBuffer } from './values.ts'

const SPACE = 0x20
const OPENING_BRACE = 0x7b
/** The first byte of U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = 0xef
/** Number of leading payload bytes that are searched for the name. */
const READ = 4096
const NO_PACKETS: readonly DecodedEvent[] = []

export const json: Decoder = {
  name: 'json',
  isStateless: true,
  isJson: true,
  reads: READ,
  recognize: () => 'no other protocol was recognized',
  open: () => JSON_OBJECTS,
}

const JSON_OBJECTS: ConnectionDecoder = {
  decode: decodeObject,
  copy: () => JSON_OBJECTS,
}

/** The packet of a message that begins as a JSON object. None for any other. */
export function decodeObject({
  payload,
  size,
  binary,
}: Pick<EncodedMessage, 'payload' | 'size' | 'binary'>): readonly DecodedEvent[] {
  const first = payload[0] ?? 0xff
  // Only white space and a byte order mark may precede `{`. This rejects most other payloads.
  if (binary || (first > SPACE && first !== OPENING_BRACE && first !== BYTE_ORDER_MARK)) return NO_PACKETS
  const bytes = asBuffer(payload)
  const start = first === OPENING_BRACE ? 0 : startOf(bytes)
  if (start < 0 || !isText(bytes, size)) return NO_PACKETS
  const name = nameIn(bytes, start)
  return [
    name === undefined ? { protocol: 'json', kind: 'event' } : { protocol: 'json', kind: 'event', name },
  ]
}

/** Position of the brace that only white space precedes, or -1. */
function startOf(bytes: Buffer): number {
  const start = bytes.indexOf(OPENING_BRACE)
  return start >= 0 && bytes.toString('utf8', 0, start).trim() === '' ? start : -1
}

/** Whether it is UTF-8. If the payload is cut, its last character may be incomplete. */
function isText(bytes: Buffer, size: number): boolean {
  return isUtf8(bytes) || (bytes.length < size && decodeUtf8(bytes, false) !== undefined)
}
