/** Findings: what is wrong or unwise in a session, with the evidence for it. */
import type { FindingChart } from './finding-chart.ts'

/** The worst first. */
export const SEVERITIES = ['error', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** A standard or a document. */
export interface FindingSource {
  /** Such as `HTML standard, section 9.2.4`. */
  readonly title: string
  /** An `https:` URL. */
  readonly url: string
}

/** The limit that a finding exceeds. Users can set it. */
export interface FindingThreshold {
  readonly value: number
  readonly unit: ThresholdUnit
}

/** A `share` is from 0 to 1; `ms` are milliseconds. */
export type ThresholdUnit = 'ms' | 'bytes' | 'share' | 'count' | 'factor'

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
  /** A few words without a period: `27 of 30 polls brought nothing`. Absent for notices. */
  readonly title?: string
  /** One sentence or two: what was found, with its figures. */
  readonly message: string
  /** What to do about it. */
  readonly advice?: string
  /** The figures that it rests on. */
  readonly evidence: Readonly<Record<string, number | string>>
  readonly source?: FindingSource
  /** If it is inferred rather than measured: from what, such as `seq rose by 1 in 140 of 141 steps`. */
  readonly confidence?: string
  /** The one that it exceeds, or falls below. */
  readonly threshold?: FindingThreshold
  /** The evidence as a small chart. */
  readonly chart?: FindingChart
}

/** How many findings there are, and how severe. */
export type FindingCounts = Readonly<Record<Severity, number>>

/** How many there are of each severity. */
export function countFindings(findings: readonly Pick<Finding, 'severity'>[]): FindingCounts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  for (const { severity } of findings) counts[severity]++
  return counts
}
