/** What the bytes of a payload must have for a filter to be true of it. */
import type { Filter } from '../../shared/filter/syntax.ts'
import { requiredTexts } from './json.ts'

/** Bytes of a needle: more do not tell more. */
export const MAX_NEEDLE = 64
/** Needles looked for at once; with more it is quicker to look at the events. */
const MAX_NEEDLES = 6
/**
 * Characters that are the same in every case. ASCII letters apart, these stand in a text in lower case exactly
 * where they stood before, but for `LOWERED_TO_ASCII`.
 */
const CASELESS_RUNS = /[\p{ASCII}\p{Lo}]+/gu
/** The two characters beyond ASCII with ASCII letters in their lower case: İ (i and a dot above), and the kelvin sign. */
const LOWERED_TO_ASCII: readonly (readonly [letter: string, from: string])[] = [
  ['i', '\u0130'],
  ['k', '\u212a'],
]

/**
 * Rows of bytes of which every payload has at least one that the filter can be true of; undefined where that
 * cannot be said. They are as `toNeedle` makes them, and so must be what they are looked for in.
 */
export function needlesOf(filter: Filter): readonly string[] | undefined {
  switch (filter.kind) {
    case 'text':
      return needlesOfText(filter.text)
    case 'json':
      return needlesOfJson(filter)
    case 'and':
      return filter.items
        .map(needlesOf)
        .filter((needles) => needles !== undefined)
        .toSorted((a, b) => shortest(b) - shortest(a))[0]
    case 'or': {
      const each = filter.items.map(needlesOf)
      const all = each.flatMap((needles) => needles ?? [])
      return each.includes(undefined) || all.length > MAX_NEEDLES ? undefined : [...new Set(all)]
    }
    default:
      return undefined
  }
}

/** A text's UTF-8 bytes, a character each, those that are letters in Latin-1 in lower case. */
export function toNeedle(text: string): string {
  return Buffer.from(text).toString('latin1').toLowerCase().slice(0, MAX_NEEDLE)
}

function needlesOfText(text: string): readonly string[] | undefined {
  const longest = longestOf(text.toLowerCase().match(CASELESS_RUNS) ?? [])
  if (longest === undefined) return undefined
  const needle = toNeedle(longest)
  const others = LOWERED_TO_ASCII.filter(([letter]) => needle.includes(letter))
  return [needle, ...others.map(([, from]) => toNeedle(from))]
}

/** JSON has texts in quotes, and can hide any character behind a backslash (RFC 8259 section 7), but not without one. */
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
