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

/** What the user has set about the rules. */
export interface DiagnosisSettings {
  /** Thresholds by the names of their rules. */
  readonly thresholds: Readonly<Record<string, number>>
  readonly muted: readonly MutedRule[]
}

/** Where a rule is muted: for connections to the same origin and path as this one, or with null everywhere. */
interface RulePlace {
  readonly rule: string
  readonly connection: number | null
}

/**
 * Calls of the page that change the user's settings. They apply to all sessions of the window, and the findings follow.
 * A source needs no call: the editor opens an `https:` link of the page by itself.
 */
export type FindingPanelMethods = FindingMethods & {
  muteRule: { params: RulePlace; result: null }
  /** Removes each entry that mutes the rule for this connection, or with null for the session. */
  unmuteRule: { params: RulePlace; result: null }
  /** Asks the user for a Markdown or JSON file, and writes the findings to it. */
  exportFindings: { params: null; result: null }
  /** Null for the default. */
  setThreshold: { params: { readonly rule: string; readonly value: number | null }; result: null }
}

/** Calls that only the host makes. */
export type FindingEngineMethods = {
  /** Findings are made again if necessary. */
  setDiagnosis: { params: DiagnosisSettings; result: null }
}
