import { isUtf8 } from 'node:buffer'

/** Below this many bytes a plain loop is quicker than a call out of JavaScript. */
const SHORT = 48

const encoder = new TextEncoder()
/** A byte order mark is content here: the stream's own is taken off before. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Whether the bytes are valid UTF-8. */
export function isValidUtf8(bytes: Uint8Array): boolean {
  if (bytes.length > SHORT) return isUtf8(bytes)
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) > 0x7f) return isUtf8(bytes)
  return true
}

/** Decodes as the Encoding standard does: every ill-formed sequence becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** The same bytes where they are valid UTF-8, else their decoding, encoded again. */
export function wellFormed(bytes: Uint8Array): Uint8Array {
  return isValidUtf8(bytes) ? bytes : encoder.encode(decoder.decode(bytes))
}
