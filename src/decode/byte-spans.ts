/** Finds parts of a text in its bytes, without decoding it. */

/** Bytes [from, to). */
export type ByteSpan = readonly [from: number, to: number]

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
/** White space, and the bytes of a byte order mark before the array. */
const SKIPPED: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf])

/** The elements of the array that begins at `start`, in bytes that are valid JSON. */
export function* elementSpans(bytes: Uint8Array, start = 0): Generator<ByteSpan, undefined> {
  let at = bytes.indexOf(OPENING_BRACKET, start) + 1
  let depth = 1
  let from = -1
  let to = -1
  for (; depth > 0 && at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    const isEnd = depth === 1 && (byte === COMMA || byte === CLOSING_BRACKET)
    if (isEnd && from >= 0) yield [from, to]
    if (isEnd) from = -1
    if (byte === QUOTE) {
      if (from < 0) from = at
      at = endOfString(bytes, at) - 1
    } else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) depth++
    else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) depth--
    if (isEnd || SKIPPED.has(byte)) continue
    if (from < 0) from = Math.min(at, bytes.length)
    to = at + 1
  }
  return undefined
}

/** The parts between separators, in the order of `split`. */
export function* separatedSpans(bytes: Buffer, separator: string): Generator<ByteSpan, undefined> {
  let from = 0
  for (;;) {
    const end = bytes.indexOf(separator, from)
    yield [from, end < 0 ? bytes.length : end]
    if (end < 0) return undefined
    from = end + Buffer.byteLength(separator)
  }
}

/** Where the string ends that begins at `start` with a quote. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1
  for (; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
  return Math.min(bytes.length, at + 1)
}
