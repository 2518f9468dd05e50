/** Texts of a message: names, channels and IDs. */
import type { Source } from '../../shared/dialect.ts'
import type { PairingKey } from '../decoder.ts'
import { type CompiledPath, compilePath, isPath, read } from './path.ts'

/** Names and IDs that are longer are cut. */
const MAX_TEXT = 1000

/** Number of integers with a text that is kept: a power of 2. */
const KEPT = 64
/** The latest integers with these last bits. An answer comes soon after the request with its ID. */
const INTEGERS = new Float64Array(KEPT).fill(Number.NaN)
const TEXTS: string[] = Array.from(INTEGERS, () => '')

export type CompiledSource = readonly (string | CompiledPath)[]

export function compileSource(source: Source | undefined): CompiledSource {
  const parts = source === undefined ? [] : typeof source === 'string' ? [source] : source
  return parts.map((part) => (isPath(part) ? compilePath(part) : part))
}

/** The first part that is a text, or leads to a text or a number. */
export function firstAt(
  source: CompiledSource,
  root: unknown,
  outside: unknown,
): string | number | undefined {
  for (const part of source) {
    if (typeof part === 'string') return part
    const value = read(part, part.isOutside ? outside : root)
    if (typeof value === 'number' || (typeof value === 'string' && value !== '')) return value
  }
  return undefined
}

export function textAt(source: CompiledSource, root: unknown, outside: unknown): string | undefined {
  return idText(firstAt(source, root, outside))
}

/** A source of keys. Texts that stand for themselves are quoted: an ID with the same text is another key. */
export function compileKeySource(source: Source): CompiledSource {
  return compileSource(source).map((part) => (typeof part === 'string' ? `"${part}"` : part))
}

/** The key by which a message is found again: a text that stands for itself, or the value at a path. */
export function keyAt(source: CompiledSource, root: unknown, outside: unknown): PairingKey | undefined {
  for (const part of source) {
    if (typeof part === 'string') return part
    const key = keyOf(read(part, part.isOutside ? outside : root))
    if (key !== undefined) return key
  }
  return undefined
}

export function keyOf(value: unknown): PairingKey | undefined {
  return typeof value === 'number' ? value : idText(value)
}

/** A value as a key in a text: the number 1 and the string "1" are different keys. */
export function keyText(value: unknown): string | undefined {
  const text = idText(value)
  return text === undefined || typeof value === 'number' ? text : `"${text}`
}

/** A value as a name or ID. */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'number') return numberText(value)
  if (typeof value !== 'string' || value === '') return undefined
  return value.length > MAX_TEXT ? value.slice(0, MAX_TEXT) : value
}

/** `String` takes as long for a new number as reading the rest of a short message. */
function numberText(value: number): string {
  const slot = value & (KEPT - 1)
  if (INTEGERS[slot] === value) return TEXTS[slot] ?? ''
  const text = String(value)
  INTEGERS[slot] = value
  TEXTS[slot] = text
  return text
}
