/**
 * Stands in for `node:buffer` in the worker: the package `buffer`, with what it lacks, and with texts at the speed of the browser.
 */
import { Buffer } from 'buffer/'

export { Buffer }

/** V8 throws for longer strings than this. */
export const constants = { MAX_STRING_LENGTH: 0x1fffffe8 }
export const kMaxLength = 2 ** 31 - 1

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()
/** Bytes from which a call to the browser is faster than a loop. */
const WORTHWHILE = 32

export function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) > 0x7f) return false
  return true
}

export function isUtf8(bytes: Uint8Array): boolean {
  if (isAscii(bytes)) return true
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

function isUtf8Name(encoding: unknown): boolean {
  return encoding === undefined || (typeof encoding === 'string' && /^utf-?8$/i.test(encoding))
}

const { from, byteLength } = Buffer
const toText: (encoding?: BufferEncoding, start?: number, end?: number) => string = Buffer.prototype.toString

Object.assign(Buffer, {
  from(value: string | ArrayBuffer, encoding?: string | number, length?: number) {
    if (typeof value !== 'string' || !isUtf8Name(encoding))
      return from(value as never, encoding as never, length)
    const { buffer, byteOffset, byteLength: size } = encoder.encode(value)
    return from(buffer as ArrayBuffer, byteOffset, size)
  },
  byteLength(value: string | Uint8Array, encoding?: string) {
    return typeof value === 'string' && isUtf8Name(encoding)
      ? encoder.encode(value).length
      : byteLength(value as string, encoding as BufferEncoding)
  },
})

Buffer.prototype.toString = function (this: Buffer, encoding, start = 0, end = this.length) {
  const text = (as: BufferEncoding | undefined) => toText.call(this, as, start, end)
  if (encoding === 'base64url')
    return text('base64').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  if (!isUtf8Name(encoding) || end - start < WORTHWHILE) return text(encoding as BufferEncoding)
  return lenient.decode(this.subarray(start, end))
}
