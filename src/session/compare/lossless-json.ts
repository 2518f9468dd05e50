/** Parses JSON without losing digits, and writes it in a canonical form, so that equal values are equal texts. */
import { isUtf8 } from 'node:buffer'
import { asBuffer } from '../../capture/search/event-text.ts'
import { endOfString } from '../../shared/text/json-text.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Replaces a value that is not compared. */
export const REMOVED: unique symbol = Symbol('removed')

/** Payloads nested deeper than this are compared as text. */
const MAX_DEPTH = 500

/** Marks a number that JavaScript cannot hold exactly, kept as it was written. */
const EXACT = '\u0000number '

/** Numbers with fewer digits than this are always exact. */
const LONG_NUMBER = /\d[\d.eE+-]{15}/

/** The payload as text. Undefined if it is not valid UTF-8. */
export function decode(payload: Uint8Array): string | undefined {
  return isUtf8(payload) ? asBuffer(payload).toString() : undefined
}

/** The parsed payload. Undefined if it is not JSON (RFC 8259), or nested too deeply. */
export function parseJson(text: string): Json | undefined {
  const first = text.trimStart().charAt(0)
  if (!/["[{\-\dtfn]/.test(first)) return undefined
  try {
    const parsed: Json = JSON.parse(text)
    const value: Json = LONG_NUMBER.test(text) ? JSON.parse(keepDigits(text)) : parsed
    return isDeep(value, MAX_DEPTH) ? undefined : value
  } catch {
    // Not JSON: it is compared as text.
    return undefined
  }
}

/** Valid JSON in which each number that JavaScript cannot represent exactly is a string. One pass. */
function keepDigits(text: string): string {
  let kept = ''
  let copied = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') at = endOfString(text, at) - 1
    if (!isOfNumber(text, at)) continue
    const from = at
    while (isOfNumber(text, at)) at++
    const token = text.slice(from, at)
    // The sign does not count: see `LONG_NUMBER`.
    if (token.length - (token.startsWith('-') ? 1 : 0) < 16 || String(Number(token)) === token) continue
    kept += text.slice(copied, from) + JSON.stringify(EXACT + token)
    copied = at
  }
  return kept + text.slice(copied)
}

/** Whether the character is part of a number. Must not be called within strings and literals such as `true`. */
function isOfNumber(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code >= 0x30 && code <= 0x39) return true
  return (
    code === 0x2d || code === 0x2b || code === 0x2e || ((code | 0x20) === 0x65 && isOfNumber(text, at - 1))
  )
}

function isDeep(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth === 0) return true
  for (const member of Object.values(value)) if (isDeep(member, depth - 1)) return true
  return false
}

/** `Array.isArray` for readonly arrays. */
export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** Whether the value is a JSON object: not null and not an array. */
export function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !isArray(value)
}

/** Whether the value replaces one that is not compared. */
export function isRemoved(value: unknown): boolean {
  return value === REMOVED
}

/** The value to show: without removed values, and with long numbers as their digits. */
export function plain(value: Json): Json {
  if (typeof value === 'string') return value.startsWith(EXACT) ? value.slice(EXACT.length) : value
  if (isArray(value)) return value.filter((item) => !isRemoved(item)).map(plain)
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([, member]) => !isRemoved(member))
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]))
}

/** How `canonical` writes a string or a number. */
export type WriteScalar = (value: string | number) => string

/** JSON with sorted members, without white space and without removed values. */
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
