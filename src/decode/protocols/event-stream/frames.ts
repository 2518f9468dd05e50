/**
 * The messages of Amazon's event stream encoding: total length, length of the headers, checksum of the two, headers,
 * payload, checksum of all. AWS's own codec reads whole messages; this finds where they end.
 */
import { crc32 } from 'node:zlib'
import type { FieldCursor } from '../../field-cursor.ts'
import type { PacketBytes } from '../../packet-bytes.ts'

/** Length fields and their checksum. */
const PRELUDE = 12
const LENGTH = 4
/** Prelude, checksum, and no headers or payload. */
const MIN_SIZE = 16
/** AWS allows 16 MB of payload and 128 kB of headers. */
const MAX_SIZE = 24 * 1024 * 1024

/** A whole message, as a view that is valid until the next bytes; undefined if it has not come. */
export function nextFrame(bytes: PacketBytes): Uint8Array | undefined {
  if (bytes.length < PRELUDE) return undefined
  const prelude = Uint8Array.from({ length: PRELUDE }, (_, index) => bytes.at(index) ?? 0)
  const size = frameSize(prelude)
  if (size === undefined) throw new Error('The bytes are not messages of an AWS event stream.')
  return bytes.length < size ? undefined : bytes.take(size)
}

/** The size of the message that begins with these bytes. Undefined if they do not begin one. */
export function frameSize(bytes: Uint8Array): number | undefined {
  if (bytes.length < PRELUDE) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getUint32(0)
  const headers = view.getUint32(LENGTH)
  if (size > MAX_SIZE || size < MIN_SIZE + headers) return undefined
  return crc32(bytes.subarray(0, 2 * LENGTH)) === view.getUint32(2 * LENGTH) ? size : undefined
}

/** Notes the fields of a whole message. */
export function mapFields(fields: FieldCursor): void {
  const headers = [0, 1, 2, 3].reduce((size, index) => size * 256 + (fields.at(LENGTH + index) ?? 0), 0)
  fields.number('total length', LENGTH)
  fields.number('headers length', LENGTH)
  fields.number('prelude checksum', LENGTH)
  fields.field('headers', headers, { path: '$.headers' })
  fields.field('payload', fields.left - LENGTH, { path: '$.payload' })
  fields.number('message checksum', LENGTH)
}
