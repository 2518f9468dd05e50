/** Takes out of a JSON value what JSON paths (RFC 9535) name, so that it is not compared. */
import { JSONPathEnvironment, JSONPathError, type JSONPathQuery, type JSONValue } from 'json-p3'
import { Failure } from '../../shared/failure.ts'
import { type Json, REMOVED } from './lossless-json.ts'

// match() and search() take regular expressions that nothing could cut off.
const environment = new JSONPathEnvironment({ maxRecursionDepth: 1000 })
environment.functionRegister.delete('match')
environment.functionRegister.delete('search')

/** Characters of a path that are told in a sentence about it. */
const LONGEST_TOLD = 200

/** Returns the value without what is ignored; may change the value it is given. */
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
    // RangeError: of parentheses without end.
    if (!(thrown instanceof JSONPathError || thrown instanceof RangeError)) throw thrown
    const why = thrown instanceof RangeError ? 'it is nested too deeply' : thrown.message
    throw new Failure(
      'BAD_JSONPATH',
      `${path.slice(0, LONGEST_TOLD)} is no JSON path (${why}); write one such as $.timestamp or $..id.`,
    )
  }
}

type Container = Record<string | number, unknown>

function remove(value: Json, query: JSONPathQuery): Json {
  if (typeof value !== 'object' || value === null) return value
  const whole: Container = { root: value }
  // All are found before any is taken out; by `query` a long list of them would exhaust the stack.
  for (const { location } of [...query.lazyQuery(value as JSONValue)]) {
    const path = ['root', ...location]
    const last = path.pop() ?? 'root'
    let parent: unknown = whole
    // An earlier match may have taken away what this one is in.
    for (const step of path) parent = isContainer(parent) ? parent[step] : undefined
    if (isContainer(parent)) parent[last] = REMOVED
  }
  return whole.root as Json
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}
