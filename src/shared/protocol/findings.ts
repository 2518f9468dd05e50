/** The calls about findings. */
import type { Finding } from '../finding.ts'

/** A rule that the user does not want to hear of. */
export interface MutedRule {
  readonly rule: string
  /** Origin and path of the connections for which it is muted. Absent for all. */
  readonly url?: string
}

export interface FindingList {
  /** Without muted ones; the most severe first, then by time. */
  readonly findings: readonly Finding[]
  readonly muted: readonly Finding[]
  /** Rules that looked at the session, and those of them that failed, by name. */
  readonly rules: number
  readonly failed: readonly string[]
  /** Events that were diagnosed, and those of them whose payloads were left out because events came too fast. */
  readonly events: number
  readonly skipped: number
  /** Whether every event of the session has been diagnosed. */
  readonly isCurrent: boolean
}

/** The page makes them through the host. */
export type FindingMethods = {
  /** What the rules have found so far. `SessionStatus.findings` tells when to ask again. */
  findings: { params: null; result: FindingList }
}

/** Calls that only the host makes. */
export type FindingEngineMethods = {
  /** What the user set. Findings are made again if necessary. */
  setDiagnosis: {
    params: { readonly thresholds: Readonly<Record<string, number>>; readonly muted: readonly MutedRule[] }
    result: null
  }
}
