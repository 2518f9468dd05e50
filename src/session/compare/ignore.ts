/** Removes the values at JSONPaths (RFC 9535) from a JSON value, so that they are not compared. */
import { JSONPathEnvironment, JSONPathError, type JSONPathQuery, type JSONValue } from 'json-p3'
import { Failure } from '../../shared/failure.ts'
import { type Json, REMOVED } from './lossless-json.ts'

// match() and search() use regular expressions that cannot be interrupted.
const environment = new JSONPathEnvironment({ maxRecursionDepth: 1000 })
environment.functionRegister.delete('match')
environment.functionRegister.delete('search')

/** Characters of a path that error messages quote. */
const LONGEST_TOLD = 200

/** Returns the value without ignored values. Can modify the given value. */
export type Ignore = (value: Json) => Json

/** Throws a `Failure` `BAD_JSONPATH`. */
export function compileIgnore(paths: readonly string[]): Ignore {
  const queries = paths.map(compile)
  return (value) => queries.reduce(remove, value)
}

function compile(path: string): JSONPathQuery {
  try {
    return environment.compile(path)
  } catch (thrown) {
    // A RangeError is caused by deeply nested parentheses.
    if (!(thrown instanceof JSONPathError || thrown instanceof RangeError)) throw thrown
    const why = thrown instanceof RangeError ? 'it is nested too deeply' : thrown.message
    throw new Failure(
      'BAD_JSONPATH',
      `${path.slice(0, LONGEST_TOLD)} is not a JSONPath (${why}); write one such as $.timestamp or $..id.`,
    )
  }
}

type Container = Record<string | number, unknown>

function remove(value: Json, query: JSONPathQuery): Json {
  if (typeof value !== 'object' || value === null) return value
  const whole: Container = { root: value }
  // Find all matches before removing any. `query` would exhaust the stack for many matches.
  for (const { location } of [...query.lazyQuery(value as JSONValue)]) {
    const path = ['root', ...location]
    const last = path.pop() ?? 'root'
    let parent: unknown = whole
    // An earlier match can have removed the parent of this one.
    for (const step of path) parent = isContainer(parent) ? parent[step] : undefined
    if (isContainer(parent)) parent[last] = REMOVED
  }
  return whole.root as Json
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}
