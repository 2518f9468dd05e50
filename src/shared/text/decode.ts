/** Bytes as text, where they are text. */

/** Characters at the beginning that are looked at for control characters. */
const LOOKED_AT = 4096

/** The bytes decoded; undefined where they are no valid UTF-8. What is not `whole` may end inside a character. */
export function decodeUtf8(bytes: Uint8Array, whole = true): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !whole })
  } catch {
    // That they are not is the answer.
    return undefined
  }
}

/** The same, but undefined also where there are control characters that text does not have: what is binary. */
export function decodeText(bytes: Uint8Array, whole = true): string | undefined {
  const text = decodeUtf8(bytes, whole)
  if (text === undefined) return undefined
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what tells binary from text.
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text.slice(0, LOOKED_AT)) ? undefined : text
}

/** Returns a string of one character for each byte, with the byte's value (ISO 8859-1; what `btoa` takes). */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
