/** What the bytes of a session file's line must have for its payload to have what is looked for. */
import { MAX_NEEDLE, toNeedle } from '../capture/filter/needles.ts'

/**
 * Between what is sure to stand in the line as it does in the payload: a solidus, which JSON may escape (RFC 8259
 * section 7); control characters without a short escape; and what the mark that carries a line for which its head
 * spoke wrongly puts between or in place of what the line has: a space, and symbols for control characters.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be avoided
const UNSURE = /[/ \0-\x07\x0b\x0e-\x1f]|\u00e2\u0090[\0-\xff]/
/** Every other character is escaped in one way or by its number. */
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' },
}
/** A line with one of these may have a payload of which none of the bytes stand in it. */
const HIDING = ['\\u', '"base64"'].map(toNeedle)

/**
 * Rows of bytes of which every line has at least one whose payload has one of `needles`; both are as `toNeedle`
 * makes them. Undefined where that cannot be said.
 */
export function lineNeedles(needles: readonly string[]): readonly string[] | undefined {
  const each = needles.map(toLineNeedle)
  return each.includes('') ? undefined : [...each, ...HIDING]
}

/** Empty where nothing of the needle is sure to stand in the line. */
function toLineNeedle(needle: string): string {
  const runs = needle.split(UNSURE).toSorted((a, b) => b.length - a.length)
  const escaped = Array.from(runs[0] ?? '', (character) => ESCAPES[character] ?? character)
  return escaped.join('').slice(0, MAX_NEEDLE)
}
