/** JSON path terms of a filter (RFC 9535). */
import { JSONPathError, type JSONPathQuery, jsonpath } from 'json-p3'
import {
  type Filter,
  FilterError,
  type JsonComparison,
  type JsonLiteral,
} from '../../shared/filter/syntax.ts'
import type { Test } from './candidate.ts'
import { compileQuery, PATH_LIMIT, PathTooSlow, WatchedPath } from './watched-path.ts'

type JsonFilter = Filter & { kind: 'json' }

/**
 * The test of a JSON path term: whether any value at the path satisfies the comparison. Throws a `FilterError` for an
 * invalid path.
 */
export function compileJson(filter: JsonFilter): Test {
  const query = compilePath(filter)
  const { comparison, value } = filter
  const accepts = comparison === undefined || value === undefined ? () => true : comparer(comparison, value)
  const steps = stepsOf(query)
  if (steps !== undefined)
    return testOf((document) => {
      const found = walk(document, steps)
      return found !== undefined && accepts(found)
    })
  const path = new WatchedPath(query)
  return testOf((document) => finds(path, document, accepts, filter))
}

/** Looks into the payload, and into what is decoded from it. */
function testOf(matches: (document: unknown) => boolean): Test {
  return (candidate) => {
    const document = candidate.json()
    return (document !== undefined && matches(document)) || candidate.values()?.some(matches)
  }
}

function finds(
  path: WatchedPath,
  document: unknown,
  accepts: (found: unknown) => boolean,
  filter: JsonFilter,
): boolean {
  try {
    for (const found of path.values(document)) if (accepts(found)) return true
    return false
  } catch (thrown) {
    // Both values are nested too deeply to be compared, so there is no match.
    if (thrown instanceof RangeError) return false
    if (!(thrown instanceof PathTooSlow)) throw thrown
    throw new FilterError(
      `This path was stopped after ${PATH_LIMIT} ms on one payload: it leads to too many values; make it simpler.`,
      filter,
    )
  }
}

/**
 * Texts that every matching document contains, if it does not escape any of their characters. Throws a `FilterError`
 * for an invalid path.
 */
export function requiredTexts(filter: JsonFilter): readonly string[] {
  const { comparison, value } = filter
  const names = compilePath(filter)
    .segments.map(({ selectors }) => (selectors.length === 1 ? selectors[0] : undefined))
    .filter((selector) => selector instanceof jsonpath.selectors.NameSelector)
    .map(({ name }) => name)
  const texts = comparison === '==' && typeof value === 'string' ? [...names, value] : names
  return texts.filter((text) => !NOT_LITERAL.test(text))
}

/** Invalid UTF-8 is decoded to U+FFFD, and a lone surrogate cannot be encoded. */
const NOT_LITERAL = /[\ufffd\p{Surrogate}]/u

/** The names and indexes of a singular query (RFC 9535 section 2.3.5.1); undefined for any other. */
function stepsOf(query: JSONPathQuery): readonly (string | number)[] | undefined {
  if (!query.singularQuery()) return undefined
  const { NameSelector, IndexSelector } = jsonpath.selectors
  return query.segments.flatMap(({ selectors }) =>
    selectors.flatMap((selector) => {
      if (selector instanceof NameSelector) return selector.name
      return selector instanceof IndexSelector ? selector.index : []
    }),
  )
}

/** The value at the steps; undefined if there is none. */
function walk(document: unknown, steps: readonly (string | number)[]): unknown {
  let value = document
  for (const step of steps) {
    if (Array.isArray(value)) value = typeof step === 'number' ? value.at(step) : undefined
    else if (typeof value !== 'object' || value === null || typeof step === 'number') return undefined
    else value = Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined
    if (value === undefined) return undefined
  }
  return value
}

function compilePath(filter: JsonFilter): JSONPathQuery {
  try {
    return compileQuery(filter.path)
  } catch (thrown) {
    // RangeError: of parentheses without end.
    if (!(thrown instanceof JSONPathError || thrown instanceof RangeError)) throw thrown
    const why = thrown instanceof RangeError ? 'it is nested too deeply' : thrown.message
    throw new FilterError(`This is not a JSON path: ${why}.`, filter)
  }
}

/** Only two numbers or two strings are ordered (RFC 9535 section 2.3.5.2.2); `!=` is the opposite of `==`. */
function comparer(comparison: JsonComparison, value: JsonLiteral): (found: unknown) => boolean {
  switch (comparison) {
    case '==':
      return (found) => found === value
    case '!=':
      return (found) => found !== value
    default:
      return (found) => ordered(found, value, comparison)
  }
}

function ordered(found: unknown, value: JsonLiteral, comparison: '<' | '<=' | '>' | '>='): boolean {
  if (typeof found !== typeof value || (typeof value !== 'number' && typeof value !== 'string')) return false
  const left = found as typeof value
  if (comparison === '<') return left < value
  if (comparison === '<=') return left <= value
  return comparison === '>' ? left > value : left >= value
}
