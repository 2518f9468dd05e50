/**
 * A JSONPath run under a watchdog: json-p3's own steps, taken one value at a time however deep or wide the payload is,
 * and cut off where they multiply without end.
 */
import { JSONPathNode, type JSONPathQuery, type JSONValue, jsonpath } from 'json-p3'

/** Milliseconds a path may take over one payload. */
export const PATH_LIMIT = 500
/** Values between two looks at the clock. */
const LOOK = 256

export class PathTooSlow extends Error {
  override readonly name = 'PathTooSlow'
}

export class WatchedPath {
  readonly #query: JSONPathQuery
  #steps = 0
  #until = 0

  /** Takes a query that is its own: it is changed. */
  constructor(query: JSONPathQuery) {
    this.#query = query
    this.#watch(query)
  }

  /** What the path finds, as it is found. Throws `PathTooSlow`. */
  *values(document: unknown): Generator<unknown> {
    this.#until = performance.now() + PATH_LIMIT
    for (const { value } of this.#query.lazyQuery(document as JSONValue)) yield value
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

  /** A node and all below it. Where they are is not asked for. */
  *#descend({ value: top, root }: JSONPathNode): Generator<JSONPathNode> {
    const waiting = [top]
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      this.#step()
      yield new JSONPathNode(value, [], root)
      if (typeof value === 'object' && value !== null)
        for (const child of Object.values(value) as JSONValue[]) waiting.push(child)
    }
  }

  #step(): void {
    this.#steps++
    if (this.#steps % LOOK === 0 && performance.now() > this.#until) throw new PathTooSlow()
  }
}
