/** The syntax tree of a filter, and its errors (docs/filter.md). */
import type { Direction, EventType } from '../event.ts'

export type Comparison = '<' | '<=' | '>' | '>=' | '=='

export type JsonComparison = Comparison | '!='

/** What a JSON path is compared with. */
export type JsonLiteral = string | number | boolean | null

/** Where a part of a filter is in its text: the characters [start, end). */
export interface TextSpan {
  readonly start: number
  readonly end: number
}

export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Filter[] }
  | { readonly kind: 'not'; readonly item: Filter }
  | { readonly kind: 'direction'; readonly direction: Direction }
  | { readonly kind: 'type'; readonly type: EventType }
  | { readonly kind: 'opcode'; readonly binary: boolean }
  | { readonly kind: 'connection'; readonly id: number }
  /** Events by their numbers in the session, counted from 1: ranges in ascending order that include both ends. */
  | { readonly kind: 'numbers'; readonly ranges: readonly NumberRange[] }
  /** A pattern for the event's name; `*` stands for any characters. */
  | { readonly kind: 'event'; readonly pattern: string }
  /** A packet of the message has this text in a field. `*` in the pattern stands for any characters. */
  | { readonly kind: 'decoded'; readonly field: DecodedField; readonly pattern: string }
  /** The user did not send the message. */
  | { readonly kind: 'automatic' }
  /** A packet of the message asks for an answer that has not come, or all only keep the connection alive. */
  | { readonly kind: 'is'; readonly state: DecodedState }
  /** The value is in bytes for sizes, in milliseconds for time, gap and latency. */
  | {
      readonly kind: 'number'
      readonly field: NumberField
      readonly comparison: Comparison
      readonly value: number
    }
  /** Text anywhere in the payload or in the sentence of a lifecycle event; case is ignored. */
  | { readonly kind: 'text'; readonly text: string }
  | (TextSpan & {
      readonly kind: 'regex'
      readonly source: string
      readonly flags: string
    })
  /** A JSONPath (RFC 9535) into the payload. Without a comparison it matches if the path has any value. */
  | (TextSpan & {
      readonly kind: 'json'
      readonly path: string
      readonly comparison: JsonComparison | undefined
      readonly value: JsonLiteral | undefined
    })

export interface NumberRange {
  readonly from: number
  readonly to: number
}

export type NumberField = 'size' | 'wire' | 'time' | 'gap' | 'latency'

/** The fields of a packet that a filter can look at. */
export type DecodedField = 'protocol' | 'kind' | 'name' | 'channel' | 'id'

export const DECODED_STATES = ['unanswered', 'heartbeat'] as const
export type DecodedState = (typeof DECODED_STATES)[number]

/** Whether any part of a filter is one that is wanted. */
export function someFilter(filter: Filter, isWanted: (part: Filter) => boolean): boolean {
  if (filter.kind === 'and' || filter.kind === 'or')
    return filter.items.some((item) => someFilter(item, isWanted))
  return filter.kind === 'not' ? someFilter(filter.item, isWanted) : isWanted(filter)
}

/** An error in a filter: one sentence, and the characters [start, end) that it refers to. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
  readonly start: number
  readonly end: number

  constructor(message: string, { start, end }: TextSpan) {
    super(message)
    this.start = start
    this.end = end
  }
}
