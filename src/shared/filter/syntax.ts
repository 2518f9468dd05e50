/** The filter language as a tree, and its mistakes (docs/filter.md). */
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
  /** The event's name, `*` standing for any run of characters. */
  | { readonly kind: 'event'; readonly pattern: string }
  /** Bytes for sizes, milliseconds for time and gap. */
  | {
      readonly kind: 'number'
      readonly field: NumberField
      readonly comparison: Comparison
      readonly value: number
    }
  /** Text anywhere in the payload or in what a lifecycle event says, whatever its case. */
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'regex'
      readonly source: string
      readonly flags: string
      readonly start: number
      readonly end: number
    }
  /** A JSONPath (RFC 9535) into the payload; without a comparison, that it finds anything. */
  | {
      readonly kind: 'json'
      readonly path: string
      readonly comparison: JsonComparison | undefined
      readonly value: JsonLiteral | undefined
      readonly start: number
      readonly end: number
    }

export type NumberField = 'size' | 'wire' | 'time' | 'gap'

/** A mistake in a filter: one sentence, and the characters [start, end) it is about. */
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
