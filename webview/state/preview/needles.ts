/** What a filter looks for in payloads, so that it can be shown where it was found. */
import { parseFilter } from '../../../src/shared/filter/parse.ts'
import { type Filter, FilterError } from '../../../src/shared/filter/syntax.ts'

export interface Needles {
  /** Texts in lower case. */
  readonly texts: readonly string[]
  /** Names of the fields whose values the filter compares. */
  readonly fields: readonly string[]
  readonly patterns: readonly RegExp[]
}

export const NO_NEEDLES: Needles = { texts: [], fields: [], patterns: [] }

/** Texts and patterns at most. */
const MOST = 16
/** Longer texts are searched for by their beginning. */
const MOST_LENGTH = 200

/** The needles of a filter. None for a text that is not a filter. */
export function needlesOf(text: string): Needles {
  try {
    const { texts, fields, patterns } = collect(parseFilter(text))
    const bounded = texts
      .filter((each) => each !== '')
      .map((each) => each.toLowerCase().slice(0, MOST_LENGTH))
    return { texts: bounded.slice(0, MOST), fields: fields.slice(0, MOST), patterns: patterns.slice(0, MOST) }
  } catch (thrown) {
    if (thrown instanceof FilterError) return NO_NEEDLES
    throw thrown
  }
}

function collect(filter: Filter): Needles {
  switch (filter.kind) {
    case 'text':
      return { ...NO_NEEDLES, texts: [filter.text] }
    case 'regex':
      return patternNeedles(filter.source, filter.flags)
    case 'json': {
      const field = lastName(filter.path)
      return field === undefined ? NO_NEEDLES : { ...NO_NEEDLES, fields: [field] }
    }
    case 'and':
    case 'or': {
      const each = filter.items.map(collect)
      return {
        texts: each.flatMap(({ texts }) => texts),
        fields: each.flatMap(({ fields }) => fields),
        patterns: each.flatMap(({ patterns }) => patterns),
      }
    }
    default:
      // Excluded text is not in any match.
      return NO_NEEDLES
  }
}

/** The last name in a path: `price` of `$.quote["price"][0]`. */
function lastName(path: string): string | undefined {
  return [...path.matchAll(/\.([\p{L}_][\p{L}\p{N}_]*)|\[\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\]/gu)]
    .map(([, dotted, double, single]) => dotted ?? double ?? single)
    .at(-1)
}

/** An expression is run here only if it cannot take long on one line: it repeats little, and no group. */
function patternNeedles(source: string, flags: string): Needles {
  if (/^[\w\s"',:;<>=@#%&!~`-]+$/.test(source)) return { ...NO_NEEDLES, texts: [source] }
  const repeats = source.match(/(?<!\\)[*+{]/g)?.length ?? 0
  if (repeats > 2 || /\)[*+?{]/.test(source) || /\\[1-9k]/.test(source)) return NO_NEEDLES
  return { ...NO_NEEDLES, patterns: [new RegExp(source, `${flags.replaceAll(/[gy]/g, '')}g`)] }
}
