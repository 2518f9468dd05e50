/** One event as a filter sees it. Values that are expensive are functions, called only if they decide. */
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { Filter } from '../../shared/filter/syntax.ts'

export interface Candidate {
  /** Its number in the session, counted from 1; undefined if it has none yet. */
  readonly number: number | undefined
  /** Milliseconds since the session started. */
  readonly time: number
  /** Packed, see `columns.ts`. */
  readonly kind: number
  readonly connection: number
  readonly size: number
  /** `UNKNOWN_SIZE` if it is unknown. */
  readonly wireSize: number
  readonly eventName: string
  /** Milliseconds since the previous event on its connection; undefined for the first. */
  readonly gap: number | undefined
  /** The payload as text, or the sentence of a lifecycle event; undefined if it was dropped. */
  text(): string | undefined
  /** The payload parsed; undefined if it is not JSON. */
  json(): unknown
  /** The packets that end in the message; undefined if they are not known yet. */
  decoded(): readonly DecodedEvent[] | undefined
  /** The values of its packets, unless they are in the payload as JSON; undefined if they are not known yet. */
  values(): readonly unknown[] | undefined
  /** Whether a packet asks for an answer that has not come; undefined if it is not known yet. */
  isUnanswered(): boolean | undefined
  /** The result of a regular expression; undefined if it has not run yet. */
  verdict(regex: Filter & { kind: 'regex' }): boolean | undefined
}

/** Undefined if a regular expression has to run first, or the event to be decoded. */
export type Verdict = boolean | undefined

export type Test = (candidate: Candidate) => Verdict
