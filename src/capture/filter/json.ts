/** JSON path terms of a filter, by RFC 9535. */
import { JSONPathEnvironment, JSONPathError, type JSONPathQuery, type JSONValue } from 'json-p3'
import {
  type Filter,
  FilterError,
  type JsonComparison,
  type JsonLiteral,
} from '../../shared/filter/syntax.ts'
import type { Test } from './row.ts'

type JsonFilter = Filter & { kind: 'json' }

// RFC 9535's match() and search() take regular expressions that nothing could cut off; /…/ terms are watched.
const environment = new JSONPathEnvironment()
environment.functionRegister.delete('match')
environment.functionRegister.delete('search')

/** The test of a JSON path term: whether any value found compares so. Throws a `FilterError` for a bad path. */
export function compileJson(filter: JsonFilter): Test {
  const query = compilePath(filter)
  const { comparison, value } = filter
  const accepts = comparison === undefined || value === undefined ? () => true : comparer(comparison, value)
  return (row) => {
    const document = row.json()
    if (document === undefined) return false
    for (const found of query.query(document as JSONValue).values()) {
      if (accepts(found)) return true
    }
    return false
  }
}

function compilePath({ path, start, end }: JsonFilter): JSONPathQuery {
  try {
    return environment.compile(path)
  } catch (thrown) {
    if (!(thrown instanceof JSONPathError)) throw thrown
    throw new FilterError(`This is no JSON path: ${thrown.message}.`, start, end)
  }
}

/** Ordering is between two numbers or two strings (RFC 9535 section 2.3.5.2.2); `!=` is the opposite of `==`. */
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
