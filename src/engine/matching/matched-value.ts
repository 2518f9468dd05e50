/** A value of a message that a filter has found: what a JSONPath leads to, or a group of a regular expression. */
import { compileQuery, WatchedPath } from '../../capture/filter/watched-path.ts'
import { type Location, spansAt } from '../../shared/text/json-spans.ts'

/** The whole match of a regular expression, then its groups. Empty if there is none. */
export type Groups = readonly (string | undefined)[]

/** What a filter has found. */
export interface Found {
  readonly groups: Groups
  /** The payload as text. */
  readonly text: string
  /** The payload as JSON, then the values of its packets. */
  readonly documents: readonly unknown[]
}

/** Whether an expression such as `$1` stands for a group of a regular expression. */
export function isGroup(expression: string): boolean {
  return /^\$\d+$/.test(expression)
}

export class MatchedValue {
  readonly #group: number | undefined
  readonly #path: WatchedPath | undefined

  /** Throws a `JSONPathError` if the expression is neither a group nor a path. */
  constructor(expression: string) {
    if (isGroup(expression)) this.#group = Number(expression.slice(1))
    else this.#path = new WatchedPath(compileQuery(expression))
  }

  /**
   * The first value; a text without its quotes unless `asJson`. Undefined if there is none, or the group takes no part.
   * Throws `PathTooSlow`.
   */
  read({ groups, text, documents }: Found, asJson: boolean): string | undefined {
    if (this.#group !== undefined) return groups[this.#group]
    const query = this.#path
    for (const [index, document] of documents.entries())
      if (document !== undefined)
        for (const value of query?.values(document) ?? [])
          if (typeof value === 'string') return asJson ? JSON.stringify(value) : value
          else return (index === 0 && asWritten(text, query?.locations(document))) || JSON.stringify(value)
    return undefined
  }
}

/** The first value as it stands in the JSON, because not every number survives parsing. */
function asWritten(json: string, locations: Iterable<Location> = []): string | undefined {
  for (const location of locations) {
    const span = spansAt(json, [location]).at(-1)
    return span && json.slice(span.start, span.end)
  }
  return undefined
}
