import { isUtf8 } from 'node:buffer'

/** Up to this many bytes, a loop is faster than a call out of JavaScript. */
const SHORT = 48

const encoder = new TextEncoder()
/** Keeps byte order marks, which are content here: the one of the stream is removed before. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Whether the bytes are valid UTF-8. */
export function isValidUtf8(bytes: Uint8Array): boolean {
  if (bytes.length > SHORT) return isUtf8(bytes)
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) > 0x7f) return isUtf8(bytes)
  return true
}

/** How many of the bytes are complete characters, without an incomplete character at the end. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const size = byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return byte < 0xf8 && size > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** Decodes as in the Encoding standard: each invalid sequence becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** The same bytes if they are valid UTF-8; otherwise decoded and encoded again. */
export function wellFormed(bytes: Uint8Array): Uint8Array {
  return isValidUtf8(bytes) ? bytes : encoder.encode(decoder.decode(bytes))
}
