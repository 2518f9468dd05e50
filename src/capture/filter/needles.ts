/** Finds byte sequences that a payload must contain to match a filter. */
import type { Filter } from '../../shared/filter/syntax.ts'
import { requiredTexts } from './json.ts'
import { toNeedle } from './needle.ts'

/** The largest number of needles; with more it is faster to test the events. */
const MAX_NEEDLES = 6
/**
 * Characters without case, and ASCII. Lower-casing a text keeps these characters in place, except for
 * `LOWERED_TO_ASCII`.
 */
const CASELESS_RUNS = /[\p{ASCII}\p{Lo}]+/gu
/**
 * The two non-ASCII characters whose lower case contains an ASCII letter: İ (i and a combining dot) and the Kelvin
 * sign.
 */
const LOWERED_TO_ASCII: readonly (readonly [letter: string, from: string])[] = [
  ['i', '\u0130'],
  ['k', '\u212a'],
]

/**
 * Byte sequences; every matching payload contains at least one of them. Undefined if the filter has none. They are in
 * the form of `toNeedle`, which the searched bytes must be in too. `isDecoded` says that payloads may be decoded to JSON.
 */
export function needlesOf(filter: Filter, isDecoded = false): readonly string[] | undefined {
  switch (filter.kind) {
    case 'text':
      return needlesOfText(filter.text)
    case 'json':
      // Bytes need not contain what they are decoded to.
      return isDecoded ? undefined : needlesOfJson(filter)
    case 'and':
      return filter.items
        .map((item) => needlesOf(item, isDecoded))
        .filter((needles) => needles !== undefined)
        .toSorted((a, b) => shortest(b) - shortest(a))[0]
    case 'or': {
      const each = filter.items.map((item) => needlesOf(item, isDecoded))
      const all = each.flatMap((needles) => needles ?? [])
      return each.includes(undefined) || all.length > MAX_NEEDLES ? undefined : [...new Set(all)]
    }
    default:
      return undefined
  }
}

function needlesOfText(text: string): readonly string[] | undefined {
  const longest = longestOf(text.toLowerCase().match(CASELESS_RUNS) ?? [])
  if (longest === undefined) return undefined
  const needle = toNeedle(longest)
  const others = LOWERED_TO_ASCII.filter(([letter]) => needle.includes(letter))
  return [needle, ...others.map(([, from]) => toNeedle(from))]
}

/** JSON has strings in quotes, and can escape any character with a backslash (RFC 8259 section 7). */
function needlesOfJson(filter: Filter & { kind: 'json' }): readonly string[] | undefined {
  const longest = longestOf(requiredTexts(filter))
  return longest === undefined ? undefined : [toNeedle(`"${longest}"`), '\\']
}

function longestOf(texts: readonly string[]): string | undefined {
  return texts.filter((text) => text !== '').toSorted((a, b) => b.length - a.length)[0]
}

function shortest(needles: readonly string[]): number {
  return needles.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY)
}
