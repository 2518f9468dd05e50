/** Bytes as text, where they are text. */

/** Characters at the beginning that are looked at for control characters. */
const LOOKED_AT = 4096

/**
 * The bytes as text, or undefined where they are binary: no valid UTF-8, or with control characters that
 * text does not have. Bytes that are not `whole` may end inside a character.
 */
export function decodeText(bytes: Uint8Array, whole = true): string | undefined {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !whole })
  } catch {
    return undefined
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what tells binary from text.
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text.slice(0, LOOKED_AT)) ? undefined : text
}
