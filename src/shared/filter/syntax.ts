/** The syntax tree of a filter, and its errors (docs/filter.md). */
import type { Direction, EventType } from '../event.ts'

export type Comparison = '<' | '<=' | '>' | '>=' | '=='

export type JsonComparison = Comparison | '!='

/** What a JSON path is compared with. */
export type JsonLiteral = string | number | boolean | null

export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Filter[] }
  | { readonly kind: 'not'; readonly item: Filter }
  | { readonly kind: 'direction'; readonly direction: Direction }
  | { readonly kind: 'type'; readonly type: EventType }
  | { readonly kind: 'opcode'; readonly binary: boolean }
  | { readonly kind: 'connection'; readonly id: number }
  /** A pattern for the event's name; `*` stands for any characters. */
  | { readonly kind: 'event'; readonly pattern: string }
  /** The value is in bytes for sizes, in milliseconds for time and gap. */
  | {
      readonly kind: 'number'
      readonly field: NumberField
      readonly comparison: Comparison
      readonly value: number
    }
  /** Text anywhere in the payload or in the sentence of a lifecycle event; case is ignored. */
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'regex'
      readonly source: string
      readonly flags: string
      readonly start: number
      readonly end: number
    }
  /** A JSONPath (RFC 9535) into the payload. Without a comparison it matches if the path has any value. */
  | {
      readonly kind: 'json'
      readonly path: string
      readonly comparison: JsonComparison | undefined
      readonly value: JsonLiteral | undefined
      readonly start: number
      readonly end: number
    }

export type NumberField = 'size' | 'wire' | 'time' | 'gap'

/** An error in a filter: one sentence, and the characters [start, end) that it refers to. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
  readonly start: number
  readonly end: number

  constructor(message: string, start: number, end: number) {
    super(message)
    this.start = start
    this.end = end
  }
}
