/** Values of decoded events: JSON, in which bytes are `{ base64 }`. */
import { hasControls } from '../shared/text/controls.ts'
import { decodeUtf8 } from '../shared/text/decode.ts'
import { tryParseJson } from '../shared/text/json-text.ts'

export interface Base64 {
  readonly base64: string
}

/** Replaces what is not UTF-8 by U+FFFD, which is several times faster than checking first. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })
/** Values that are nested deeper are refused. JSON that real programs send has a few levels. */
const MAX_DEPTH = 500

/** The same bytes as a `Buffer`, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function base64(bytes: Uint8Array): Base64 {
  return { base64: asBuffer(bytes).toString('base64') }
}

/** The text of bytes. What is not UTF-8 becomes U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return UTF8.decode(bytes)
}

/** The text of bytes; undefined if they are not UTF-8 or have control characters. */
export function plainTextOf(bytes: Uint8Array): string | undefined {
  return hasControls(bytes) ? undefined : decodeUtf8(bytes)
}

/** Bytes whose format the protocol leaves to the application: an object or array of JSON, text, or `{ base64 }`. */
export function contentOf(bytes: Uint8Array): unknown {
  const text = plainTextOf(bytes)
  return text === undefined ? base64(bytes) : jsonOrText(text)
}

/** The object or array that a text is in JSON, or else the text. */
export function jsonOrText(text: string): unknown {
  // Numbers of many digits would be rounded.
  if (!/^\s*[[{]/.test(text) || /\d{16}/.test(text)) return text
  return tryParseJson(text) ?? text
}

/** The value of a binary format as JSON: bytes become `{ base64 }`, dates and large integers text. */
export function toJson(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new Error(`The value is nested more than ${MAX_DEPTH} levels deep.`)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return base64(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Map) return mapJson(value, depth)
  if (Array.isArray(value)) return value.map((item) => toJson(item ?? null, depth + 1))
  // Defines each field, so that one with the name `__proto__` is a field too.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, toJson(field, depth + 1)]),
  )
}

/** An object, or an array of pairs if a key is neither text nor a number. */
function mapJson(map: ReadonlyMap<unknown, unknown>, depth: number): unknown {
  const entries = [...map].map(([key, value]) => [toJson(key, depth + 1), toJson(value ?? null, depth + 1)])
  const isObject = entries.every(([key]) => typeof key === 'string' || typeof key === 'number')
  return isObject ? Object.fromEntries(entries) : entries
}
