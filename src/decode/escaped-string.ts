/** Finds the bytes of a JSON string that its characters come from. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_U = 0x75
/** Bytes of `\uXXXX`. */
const UNICODE_ESCAPE = 6
/** Longer strings are not looked into. */
const MAX_STRING = 1024 * 1024

/**
 * For each byte of the UTF-8 text of a string in JSON, and for its end, where it is written. `bytes` begin with the quote.
 * Undefined if the string is too long.
 */
export function writtenAt(bytes: Uint8Array): Uint32Array | undefined {
  if (bytes.length > MAX_STRING) return undefined
  const places = new Uint32Array(bytes.length)
  let count = 0
  let at = 1
  while (at < bytes.length && bytes[at] !== QUOTE) {
    const [written, size] = bytes[at] === BACKSLASH ? escapeAt(bytes, at) : [1, 1]
    for (let byte = 0; byte < size; byte++) places[count++] = at
    at += written
  }
  places[count++] = at
  return places.subarray(0, count)
}

/** How many bytes an escape is written in, and how many its character has in UTF-8. */
function escapeAt(bytes: Uint8Array, at: number): readonly [written: number, size: number] {
  if (bytes[at + 1] !== LETTER_U) return [2, 1]
  const unit = unitAt(bytes, at)
  const isHigh = unit >= 0xd800 && unit < 0xdc00
  const next = isHigh && bytes[at + UNICODE_ESCAPE] === BACKSLASH ? unitAt(bytes, at + UNICODE_ESCAPE) : 0
  if (next >= 0xdc00 && next < 0xe000) return [2 * UNICODE_ESCAPE, 4]
  return [UNICODE_ESCAPE, unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3]
}

function unitAt(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== LETTER_U) return 0
  let unit = 0
  for (const digit of bytes.subarray(at + 2, at + UNICODE_ESCAPE))
    unit = unit * 16 + Number.parseInt(String.fromCharCode(digit), 16)
  return unit
}
