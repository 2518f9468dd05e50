/** Stands in for `node:zlib` in the worker: `pako` is zlib in JavaScript, so that a rule finds the same as in the editor. */
import { Inflate } from 'pako'

export { deflateRaw as deflateRawSync } from 'pako'

/** Throws if the content is damaged or cut short, or has more bytes than `maxOutputLength`. */
export function gunzipSync(
  bytes: Uint8Array,
  { maxOutputLength }: { readonly maxOutputLength: number },
): Uint8Array {
  const inflate = new Inflate()
  const keep = inflate.onData.bind(inflate)
  let size = 0
  inflate.onData = (chunk) => {
    size += chunk.length
    if (size > maxOutputLength) throw new RangeError(`more than ${maxOutputLength} bytes`)
    keep(chunk)
  }
  inflate.push(bytes, true)
  if (inflate.err !== 0 || !inflate.ended) throw new Error(inflate.msg || 'the end is missing')
  return inflate.result
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

/** The checksum of RFC 1952 section 8. */
export function crc32(bytes: Uint8Array): number {
  let value = ~0
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return ~value >>> 0
}
