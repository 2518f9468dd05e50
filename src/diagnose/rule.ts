/** The interface of a rule. A rule states its evidence or stays silent. */
import type { DecodedEvent } from '../shared/decoded.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import type { EventType } from '../shared/event-types.ts'
import type { Finding } from '../shared/finding.ts'
import type { ConnectionReport } from '../shared/report.ts'
import type { SessionStatus } from '../shared/status.ts'

/** Summary data about a session, besides its events. */
export interface Figures {
  /** A session that is open, as it is now. */
  readonly status?: SessionStatus
  /** The figures of each connection, as in the report. */
  readonly connections?: readonly ConnectionReport[]
}

/** A rule at work on one session. */
export interface RuleRun {
  /** Takes the next event of the rule's types, counted from 0, and what was decoded of it. */
  add?(event: RealtimeEvent, number: number, decoded: readonly DecodedEvent[]): void
  /** What it has found so far. May be called at any time, and again after further events. */
  findings(figures: Figures): readonly Finding[]
}

/** A row of the table of rules. */
export interface Rule {
  /** As in `Finding.rule`. */
  readonly name: string
  /** The types of events that `add` gets. Absent if the rule needs only figures. */
  readonly takes?: readonly EventType[] | 'all'
  start(): RuleRun
}
