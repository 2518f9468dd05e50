/** What the bytes of a line must contain if its payload contains what a search looks for. */
import { MAX_NEEDLE, toNeedle } from '../capture/filter/needle.ts'

/**
 * Separates the parts of a needle that appear in the line as they do in the payload: a solidus, which JSON can escape
 * (RFC 8259 section 7); control characters without a short escape; and the characters that the text of a mark adds or
 * replaces: a space, and symbols for control characters.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be avoided
const UNSURE = /[/ \0-\x07\x0b\x0e-\x1f]|\u00e2\u0090[\0-\xff]/
/** Every other character is escaped in a single way, or by its number. */
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' },
}
/** A line with one of these can have a payload whose bytes do not appear in it. */
const HIDING = ['\\u', '"base64"'].map(toNeedle)

/**
 * Needles for lines: a line contains at least one of them if its payload contains one of `needles`. Both are made by
 * `toNeedle`. Undefined if there are no such needles.
 */
export function lineNeedles(needles: readonly string[]): readonly string[] | undefined {
  const each = needles.map(toLineNeedle)
  return each.includes('') ? undefined : [...each, ...HIDING]
}

/** Empty if no part of the needle must appear in the line. */
function toLineNeedle(needle: string): string {
  const runs = needle.split(UNSURE).toSorted((a, b) => b.length - a.length)
  const escaped = Array.from(runs[0] ?? '', (character) => ESCAPES[character] ?? character)
  return escaped.join('').slice(0, MAX_NEEDLE)
}
