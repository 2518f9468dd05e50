/** The form of byte sequences that payloads are searched for. */

/** Bytes of a needle; longer needles are not more selective. */
export const MAX_NEEDLE = 64

/** The UTF-8 bytes of a text as characters, with Latin-1 letters in lower case. */
export function toNeedle(text: string): string {
  return Buffer.from(text).toString('latin1').toLowerCase().slice(0, MAX_NEEDLE)
}
