/** Findings: what is wrong, unwise or missing in a session, with the evidence for it. */

export type Severity = 'error' | 'warning' | 'info'

export interface Finding {
  /** The rule that found it, such as `no-heartbeat`. */
  readonly rule: string
  readonly severity: Severity
  /** Undefined if it concerns the whole session. */
  readonly connection?: number
  /** Session times in ms. Undefined if it concerns the session as it is now. */
  readonly from?: number
  readonly to?: number
  /** Numbers of the events that show it, counted from 1. */
  readonly events?: readonly number[]
  /** One sentence or two: what was found. */
  readonly message: string
  /** What to do about it. */
  readonly advice?: string
  /** The figures that it rests on. */
  readonly evidence: Readonly<Record<string, number | string>>
  /** The standard or document that says so. */
  readonly source?: string
}
