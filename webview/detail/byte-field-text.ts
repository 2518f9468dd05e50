/** What a field of a packet says, in a few characters. */
import type { ByteField } from '../../src/shared/packet-map.ts'
import { toHex } from '../../src/shared/text/hex.ts'
import { formatBytes } from '../format/count.ts'

/** Bytes that are read of a field, and characters that are shown of it. */
const MOST_READ = 64
const MOST_TEXT = 24
const MOST_HEX = 6
/** A longer field has its size in its name. */
const SHORT = 8

/** The text of a field, or else its bytes in hexadecimal. */
export function textOfField(payload: Uint8Array, { from, to, isNumber = false }: ByteField): string {
  const bytes = payload.subarray(from, Math.min(to, from + MOST_READ))
  const text = isNumber ? undefined : textIn(bytes, to - from > MOST_READ)
  if (text === undefined) {
    const hex = toHex(bytes.subarray(0, MOST_HEX)).replace(/..(?=.)/g, '$& ')
    return to - from > MOST_HEX ? `${hex} …` : hex
  }
  const characters = Array.from(text)
  return characters.length > MOST_TEXT || to - from > MOST_READ
    ? `${characters.slice(0, MOST_TEXT).join('')}…`
    : text
}

/** Undefined if the bytes are not text. The end of a cut text may be missing; the end of a line does not count. */
function textIn(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut })
    const line = text.replace(/\r?\n$/, '')
    return line === '' || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line) ? undefined : line
  } catch {
    return undefined
  }
}

/** The name of a field below its text. */
export function labelOfField({ name, meaning = name, from, to }: ByteField): string {
  return to - from > SHORT ? `${meaning}, ${formatBytes(to - from)}` : meaning
}
