/**
 * Short strings of messages. Most methods and topics repeat, and making a string from bytes takes longer than comparing
 * them with an existing string.
 */

/** Number of different hashes: a power of 2. */
const SLOTS = 64
/** Maximum length of a string that is kept. */
const MAX_LENGTH = 32

/** By hash: the string that was read last. */
const KEPT: string[] = Array.from({ length: SLOTS }, () => '')

/** The hash of some bytes and one more. It begins at 0. */
export function hashed(hash: number, byte: number): number {
  return (hash * 31 + byte) | 0
}

/** The string of bytes that are ASCII and have this hash. */
export function shortText(bytes: Buffer, start: number, end: number, hash: number): string {
  if (end - start > MAX_LENGTH) return bytes.toString('latin1', start, end)
  const slot = hash & (SLOTS - 1)
  const kept = KEPT[slot]
  if (kept !== undefined && isText(kept, bytes, start, end)) return kept
  const text = bytes.toString('latin1', start, end)
  KEPT[slot] = text
  return text
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  const { length } = text
  if (length !== end - start) return false
  for (let at = 0; at < length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false
  return true
}
