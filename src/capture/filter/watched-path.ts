/**
 * Runs a JSONPath query with a time limit. Uses the steps of json-p3, one value at a time, so that deep and wide
 * payloads are no problem.
 */
import { JSONPathEnvironment, JSONPathNode, type JSONPathQuery, type JSONValue, jsonpath } from 'json-p3'
import type { Location } from '../../shared/text/json-spans.ts'

// match() and search() of RFC 9535 run regular expressions that cannot be interrupted.
const environment = new JSONPathEnvironment()
environment.functionRegister.delete('match')
environment.functionRegister.delete('search')

/** Throws a `JSONPathError` for a path that RFC 9535 does not allow. */
export function compileQuery(path: string): JSONPathQuery {
  return environment.compile(path)
}

/** Milliseconds that a path may take for one payload, in real and in processor time. */
export const PATH_LIMIT = 500
/** Values between two checks of the clock. */
const CHECK_EVERY = 256
/** The deepest value whose location is reported; a location takes memory for each of its steps. */
const MAX_DEPTH = 500

export class PathTooSlow extends Error {
  override readonly name = 'PathTooSlow'
}

export class WatchedPath {
  readonly #query: JSONPathQuery
  #steps = 0
  #until = 0
  #startedCpu = process.cpuUsage()
  #isLocating = false

  /** Modifies the query, which nothing else may use. */
  constructor(query: JSONPathQuery) {
    this.#query = query
    this.#watch(query)
  }

  /** The values at the path. Throws `PathTooSlow`. */
  *values(document: unknown): Generator<unknown> {
    for (const { value } of this.#run(document, false)) yield value
  }

  /** The locations of the values at the path. Throws `PathTooSlow`, also if a location is too deep. */
  *locations(document: unknown): Generator<Location> {
    for (const { location } of this.#run(document, true)) yield location
  }

  #run(document: unknown, isLocating: boolean): Iterable<JSONPathNode> {
    this.#until = performance.now() + PATH_LIMIT
    this.#startedCpu = process.cpuUsage()
    this.#isLocating = isLocating
    return this.#query.lazyQuery(document as JSONValue)
  }

  #watch(query: JSONPathQuery): void {
    for (const segment of query.segments) {
      const isDescendant = segment.toString().startsWith('..')
      segment.lazyResolve = (nodes) => this.#resolve(nodes, segment.selectors, isDescendant)
      for (const selector of segment.selectors)
        if (selector instanceof jsonpath.selectors.FilterSelector) this.#watchWithin(selector.expression)
    }
  }

  /** Applies the time limit to the queries within an expression. */
  #watchWithin(expression: unknown): void {
    const { FilterExpression, FilterQuery } = jsonpath.expressions
    if (expression instanceof FilterQuery) this.#watch(expression.path)
    else if (expression instanceof FilterExpression)
      for (const part of Object.values(expression).flat()) this.#watchWithin(part)
  }

  *#resolve(
    nodes: Iterable<JSONPathNode>,
    selectors: readonly jsonpath.JSONPathSelector[],
    isDescendant: boolean,
  ): Generator<JSONPathNode> {
    for (const node of nodes)
      for (const each of isDescendant ? this.#descend(node) : [node]) {
        this.#step()
        for (const selector of selectors)
          for (const found of selector.lazyResolve(each)) {
            this.#step()
            yield found
          }
      }
  }

  /** A node and its descendants. Their locations are computed only if they are needed. */
  *#descend(top: JSONPathNode): Generator<JSONPathNode> {
    const waiting = [top]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      this.#step()
      yield node
      const { value, location, root } = node
      if (typeof value !== 'object' || value === null) continue
      if (location.length > MAX_DEPTH) throw new PathTooSlow()
      const isArray = Array.isArray(value)
      for (const [name, child] of Object.entries(value) as [string, JSONValue][]) {
        const at = this.#isLocating ? [...location, isArray ? Number(name) : name] : []
        waiting.push(new JSONPathNode(child, at, root))
      }
    }
  }

  #step(): void {
    this.#steps++
    if (this.#steps % CHECK_EVERY === 0 && performance.now() > this.#until && this.#hasWorked())
      throw new PathTooSlow()
  }
  /** Whether the process has used the time itself, rather than waited for a busy machine. */
  #hasWorked(): boolean {
    return process.cpuUsage(this.#startedCpu).user / 1000 > PATH_LIMIT
  }
}
