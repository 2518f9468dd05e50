/**
 * A JSONPath run under a watchdog: json-p3's own steps, taken one value at a time however deep or wide the payload is,
 * and cut off where they multiply without end.
 */
import { JSONPathEnvironment, JSONPathNode, type JSONPathQuery, type JSONValue, jsonpath } from 'json-p3'
import type { Location } from '../../shared/text/json-spans.ts'

// RFC 9535's match() and search() take regular expressions that nothing could cut off.
const environment = new JSONPathEnvironment()
environment.functionRegister.delete('match')
environment.functionRegister.delete('search')

/** Throws a `JSONPathError` for what is none by RFC 9535. */
export function compileQuery(path: string): JSONPathQuery {
  return environment.compile(path)
}

/** Milliseconds a path may take over one payload. */
export const PATH_LIMIT = 500
/** Values between two looks at the clock. */
const LOOK = 256
/** Steps to a value that is located at most: each location takes as much memory as it has steps. */
const DEEPEST = 500

export class PathTooSlow extends Error {
  override readonly name = 'PathTooSlow'
}

export class WatchedPath {
  readonly #query: JSONPathQuery
  #steps = 0
  #until = 0
  #isLocating = false

  /** Takes a query that is its own: it is changed. */
  constructor(query: JSONPathQuery) {
    this.#query = query
    this.#watch(query)
  }

  /** What the path finds, as it is found. Throws `PathTooSlow`. */
  *values(document: unknown): Generator<unknown> {
    for (const { value } of this.#run(document, false)) yield value
  }

  /** Where what the path finds stands. Throws `PathTooSlow`, also if that is too deep. */
  *locations(document: unknown): Generator<Location> {
    for (const { location } of this.#run(document, true)) yield location
  }

  #run(document: unknown, isLocating: boolean): Iterable<JSONPathNode> {
    this.#until = performance.now() + PATH_LIMIT
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

  /** Watches the queries that an expression has in it. */
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

  /** A node and all below it. Where they are is found out only if that is asked for. */
  *#descend(top: JSONPathNode): Generator<JSONPathNode> {
    const waiting = [top]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      this.#step()
      yield node
      const { value, location, root } = node
      if (typeof value !== 'object' || value === null) continue
      if (location.length > DEEPEST) throw new PathTooSlow()
      const isArray = Array.isArray(value)
      for (const [name, child] of Object.entries(value) as [string, JSONValue][]) {
        const at = this.#isLocating ? [...location, isArray ? Number(name) : name] : []
        waiting.push(new JSONPathNode(child, at, root))
      }
    }
  }

  #step(): void {
    this.#steps++
    if (this.#steps % LOOK === 0 && performance.now() > this.#until) throw new PathTooSlow()
  }
}
