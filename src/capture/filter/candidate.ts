/** One event as a filter looks at it. What costs something is a function, called only when it decides. */
import type { Filter } from '../../shared/filter/syntax.ts'

export interface Candidate {
  /** Milliseconds since the session started. */
  readonly time: number
  /** Packed, see `columns.ts`. */
  readonly kind: number
  readonly connection: number
  readonly size: number
  /** `UNKNOWN_SIZE` where it is unknown. */
  readonly wireSize: number
  readonly eventName: string
  /** Milliseconds since the event before it on its connection; undefined for the first. */
  readonly gap: number | undefined
  /** The payload as text, or what a lifecycle event says; undefined where it was dropped. */
  text(): string | undefined
  /** The payload parsed; undefined where it is no JSON. */
  json(): unknown
  /** What a regular expression said of this row; undefined while it has not been asked. */
  verdict(regex: Filter & { kind: 'regex' }): boolean | undefined
}

/** Undefined where a regular expression must be asked first. */
export type Verdict = boolean | undefined

export type Test = (candidate: Candidate) => Verdict
