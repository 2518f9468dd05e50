/** Payloads as JSON: parsed without losing digits, and written so that equal values are equal texts. */
import { isUtf8 } from 'node:buffer'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** In place of a value that is not compared. */
export const REMOVED: unique symbol = Symbol('removed')

/** Nesting beyond which a payload is compared as text. */
const MAX_DEPTH = 500

/** Marks a number that JavaScript cannot hold exactly, kept as it was written. */
const EXACT = '\u0000number '

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g
/** Fewer digits than this are always exact. */
const LONG_NUMBER = /\d[\d.eE+-]{15}/

/** The payload as text; undefined where it is no valid UTF-8. */
export function decode(payload: Uint8Array): string | undefined {
  return isUtf8(payload)
    ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString()
    : undefined
}

/** The payload parsed; undefined where it is no JSON (RFC 8259), or nested too deeply. */
export function parseJson(text: string): Json | undefined {
  const first = text.trimStart().charAt(0)
  if (!/["[{\-\dtfn]/.test(first)) return undefined
  try {
    const value: Json = JSON.parse(LONG_NUMBER.test(text) ? keepDigits(text) : text)
    return isDeep(value, MAX_DEPTH) ? undefined : value
  } catch {
    // No JSON: compared as text.
    return undefined
  }
}

function keepDigits(text: string): string {
  return text.replaceAll(STRING_OR_NUMBER, (token) =>
    token.length < 16 || token.startsWith('"') || String(Number(token)) === token
      ? token
      : JSON.stringify(EXACT + token),
  )
}

function isDeep(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth === 0) return true
  for (const member of Object.values(value)) if (isDeep(member, depth - 1)) return true
  return false
}

/** `Array.isArray`, for lists that cannot be changed. */
export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** A JSON object: neither null nor a list. */
export function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !isArray(value)
}

/** Whether there stood a value that is not compared. */
export function isRemoved(value: unknown): boolean {
  return value === REMOVED
}

/** The value as it is shown: without what was removed, long numbers as their digits. */
export function plain(value: Json): Json {
  if (typeof value === 'string') return value.startsWith(EXACT) ? value.slice(EXACT.length) : value
  if (isArray(value)) return value.filter((item) => !isRemoved(item)).map(plain)
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([, member]) => !isRemoved(member))
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]))
}

/** How `canonical` writes a string or a number. */
export type WriteScalar = (value: string | number) => string

/** JSON with members sorted by name, without white space and without what was removed. */
export function canonical(value: Json, scalar: WriteScalar = exact): string {
  if (typeof value === 'string' || typeof value === 'number') return scalar(value)
  if (isRemoved(value)) return ''
  if (isArray(value)) {
    const items: string[] = []
    for (const item of value) if (!isRemoved(item)) items.push(canonical(item, scalar))
    return `[${items.join(',')}]`
  }
  if (!isObject(value)) return String(value)
  const members: string[] = []
  for (const name of Object.keys(value).sort()) {
    const member = value[name] ?? null
    if (!isRemoved(member)) members.push(`${JSON.stringify(name)}:${canonical(member, scalar)}`)
  }
  return `{${members.join(',')}}`
}

function exact(value: string | number): string {
  if (typeof value === 'number') return String(value)
  return value.startsWith(EXACT) ? value.slice(EXACT.length) : JSON.stringify(value)
}
