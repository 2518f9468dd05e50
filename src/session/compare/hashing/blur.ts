/** Replaces by `#` what differs between runs: numbers, dates and times, UUIDs, and long hex or base64 words. */

const HASH = 0x23
const DASH = 0x2d
const DOT = 0x2e
const EQUALS = 0x3d
/** Bytes of the shortest word that counts as an identifier, of a UUID (RFC 9562 section 4), and of a date. */
const LONG_WORD = 24
const UUID = 36
const DATE = 10

/** Classes of ASCII characters, as bits. */
const DIGIT = 1
const HEX = 2
const WORD = 4
const TIME = 8
const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = byte < 0x80 ? String.fromCharCode(byte) : ''
  return (
    (/\d/.test(character) ? DIGIT : 0) |
    (/[\da-f]/i.test(character) ? HEX : 0) |
    (/[\w+/-]/.test(character) ? WORD : 0) |
    (/[\d:.]/.test(character) ? TIME : 0)
  )
})

/** Whether a text of that length, with or without digits, may have something to replace. */
export function mayBlur(hasDigit: boolean, length: number): boolean {
  return hasDigit || length >= LONG_WORD
}

/**
 * Writes the bytes [from, to) of a text into `out` from its beginning, which has room for as many. Returns the number of
 * bytes written, or -1 if nothing was replaced. In linear time.
 */
export function blur(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0
  let isChanged = false
  /** Where the word ends that the place is in. */
  let wordEnd = from
  for (let at = from; at < to; ) {
    const kind = CLASSES[bytes[at] ?? 0] ?? 0
    let end = at
    if ((kind & WORD) !== 0) {
      if (at >= wordEnd) wordEnd = endOf(WORD, bytes, at, to)
      if ((kind & HEX) !== 0) end = endOfUuid(bytes, at, wordEnd)
      if (end === at && (kind & DIGIT) !== 0) end = endOfTime(bytes, at, to)
      if (end === at && wordEnd - at >= LONG_WORD) {
        end = wordEnd
        while (end < to && end < wordEnd + 2 && bytes[end] === EQUALS) end++
      }
      if (end === at && (kind & DIGIT) !== 0) end = endOfNumber(bytes, at, to)
    }
    if (end === at) out[length++] = bytes[at++] ?? 0
    else {
      out[length++] = HASH
      isChanged = true
      at = end
    }
  }
  return isChanged ? length : -1
}

function endOf(kind: number, bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && ((CLASSES[bytes[at] ?? 0] ?? 0) & kind) !== 0) at++
  return at
}

function are(kind: number, bytes: Uint8Array, from: number, count: number): boolean {
  for (let at = from; at < from + count; at++) if (((CLASSES[bytes[at] ?? 0] ?? 0) & kind) === 0) return false
  return true
}

/** The end of a UUID at `at`, or `at`. */
function endOfUuid(bytes: Uint8Array, at: number, wordEnd: number): number {
  if (wordEnd - at < UUID || bytes[at + 8] !== DASH) return at
  const isUuid =
    bytes[at + 13] === DASH &&
    bytes[at + 18] === DASH &&
    bytes[at + 23] === DASH &&
    are(HEX, bytes, at, 8) &&
    are(HEX, bytes, at + 9, 4) &&
    are(HEX, bytes, at + 14, 4) &&
    are(HEX, bytes, at + 19, 4) &&
    are(HEX, bytes, at + 24, 12)
  return isUuid ? at + UUID : at
}

/** The end of a date with a time at `at`, or `at`. */
function endOfTime(bytes: Uint8Array, at: number, to: number): number {
  if (to - at < DATE + 2 || bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return at
  const between = (bytes[at + DATE] ?? 0) | 0x20
  // A letter T of either case, or a space.
  if (between !== 0x74 && bytes[at + DATE] !== 0x20) return at
  const isDate = are(DIGIT, bytes, at, 4) && are(DIGIT, bytes, at + 5, 2) && are(DIGIT, bytes, at + 8, 2)
  if (!isDate) return at
  const end = endOf(TIME, bytes, at + DATE + 1, to)
  if (end === at + DATE + 1) return at
  // The letter Z of either case.
  return end < to && ((bytes[end] ?? 0) | 0x20) === 0x7a ? end + 1 : end
}

function endOfNumber(bytes: Uint8Array, at: number, to: number): number {
  const whole = endOf(DIGIT, bytes, at, to)
  if (bytes[whole] !== DOT || whole + 1 >= to) return whole
  const fraction = endOf(DIGIT, bytes, whole + 1, to)
  return fraction === whole + 1 ? whole : fraction
}
