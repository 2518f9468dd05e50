/** Header fields, and how their values are encoded. */
import { latin1 } from './text/decode.ts'

/**
 * Header fields by name; a repeated field keeps every value, in order. A received value has a Latin-1 character for
 * each byte, as in Node.js and `fetch`. A value to send is text, sent as UTF-8.
 */
export type Headers = Readonly<Record<string, string | readonly string[]>>

/**
 * Matches valid UTF-8 sequences (Unicode, table 3-7) in Latin-1 characters that represent bytes, and single bytes
 * outside ASCII.
 */
const BEYOND_ASCII =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g

/** A byte that is not UTF-8 is represented by this value plus the byte, a lone surrogate. */
const ESCAPE = 0xdc00
const ESCAPED = /[\udc80-\udcff]/gu

/**
 * The text of a received field value. Bytes are decoded as UTF-8; invalid ones become U+DC80 to U+DCFF, so that
 * `fieldBytes` restores every byte.
 */
export function fieldText(latin1: string): string {
  return latin1.replaceAll(BEYOND_ASCII, (bytes) => {
    if (bytes.length === 1) return String.fromCharCode(ESCAPE + bytes.charCodeAt(0))
    const lead = bytes.charCodeAt(0) & (0xff >> (bytes.length + 1))
    let codePoint = lead
    for (let index = 1; index < bytes.length; index++)
      codePoint = (codePoint << 6) | (bytes.charCodeAt(index) & 0x3f)
    return String.fromCodePoint(codePoint)
  })
}

/** The bytes of a field value to send, as Latin-1 characters: the inverse of `fieldText`. */
export function fieldBytes(text: string): string {
  return text.replaceAll(/[^\0-\x7f]+/gu, (part) =>
    part.replaceAll(/[\udc80-\udcff]|[^\udc80-\udcff]+/gu, (each) =>
      isEscape(each)
        ? String.fromCharCode(each.charCodeAt(0) - ESCAPE)
        : latin1(new TextEncoder().encode(each)),
    ),
  )
}

/** A field value for people: decoded as UTF-8, invalid bytes as Latin-1. */
export function readableField(value: string): string {
  return fieldText(value).replaceAll(ESCAPED, (each) => String.fromCharCode(each.charCodeAt(0) - ESCAPE))
}

/** A field value percent-encoded as a component of a URL, byte for byte. */
export function percentEncodeField(text: string): string {
  return text.replaceAll(/[\udc80-\udcff]|[^\udc80-\udcff]+/gu, (each) =>
    isEscape(each)
      ? `%${(each.charCodeAt(0) - ESCAPE).toString(16).toUpperCase()}`
      : encodeURIComponent(each.replaceAll(/[\ud800-\udfff]/gu, '\ufffd')),
  )
}

function isEscape(text: string): boolean {
  return text.length === 1 && text >= '\udc80' && text <= '\udcff'
}
