/** Decodes bytes as text if they are text. */

/** Number of characters that are checked for control characters. */
const LOOKED_AT = 4096

const strictUtf8 = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** For whole texts, after which nothing is left in it. To make one takes longer than to decode a short text. */
const UTF8 = strictUtf8()

/**
 * The bytes as text; undefined if they are not valid UTF-8. If they are not `whole`, they may end inside a character.
 */
export function decodeUtf8(bytes: Uint8Array, whole = true): string | undefined {
  try {
    return whole ? UTF8.decode(bytes) : strictUtf8().decode(bytes, { stream: true })
  } catch {
    // Not valid UTF-8, which is not an error here.
    return undefined
  }
}

/** As `decodeUtf8`, but also undefined if there are control characters that only binary data has. */
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
