/** Tells bytes from text. */

const TAB = 0x09
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const DELETE = 0x7f

/** Whether there are control characters that text does not have: any but tabs and line breaks. */
export function hasControls(bytes: Uint8Array): boolean {
  const { length } = bytes
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] ?? 0
    if ((byte < SPACE && (byte < TAB || byte > CARRIAGE_RETURN)) || byte === DELETE) return true
  }
  return false
}
