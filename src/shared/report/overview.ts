/** The figures of many recordings side by side: a row for each. */
import { countFindings, type FindingCounts, SEVERITIES } from '../finding.ts'
import type { SessionReport } from '../report.ts'
import { addTotals, type ReportTotals, totalsOf } from './totals.ts'

/** What rows and their sum have. */
export interface OverviewFigures extends ReportTotals {
  /** Numbers of connections, and of events of any type. */
  readonly connections: number
  readonly events: number
  /** Number of `error` events. */
  readonly errors: number
  readonly findings: FindingCounts
}

export interface RecordingRow
  extends OverviewFigures,
    Pick<SessionReport, 'startedAt' | 'generator' | 'duration' | 'marks'> {
  /** The name of the file. */
  readonly file: string
  /** Number of problems that kept parts of the file from being read. */
  readonly problems: number
}

/** A file that is not in the table. */
export interface UnreadRecording {
  readonly file: string
  /** A sentence. */
  readonly reason: string
}

export interface RecordingsOverview {
  readonly recordings: readonly RecordingRow[]
  readonly total: OverviewFigures
  readonly unread: readonly UnreadRecording[]
  /** Number of further files, which were left out because there are too many. */
  readonly omitted: number
}

/** The row of a recording. */
export function recordingRow(file: string, problems: number, report: SessionReport): RecordingRow {
  const { startedAt, generator, duration, marks, events, connections, findings } = report
  const errors = connections.flatMap((each) => Object.values(each.errors))
  return {
    ...{ file, startedAt, generator, duration, marks, problems, events },
    connections: connections.length,
    ...totalsOf(report),
    errors: errors.reduce((sum, count) => sum + count, 0),
    findings: countFindings(findings),
  }
}

/** What all rows have together. */
export function overviewTotal(rows: readonly RecordingRow[]): OverviewFigures {
  const sum = (of: (row: RecordingRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  const counts = SEVERITIES.map((severity) => [severity, sum(({ findings }) => findings[severity])])
  return {
    connections: sum(({ connections }) => connections),
    events: sum(({ events }) => events),
    ...addTotals(rows),
    errors: sum(({ errors }) => errors),
    findings: Object.fromEntries(counts) as unknown as FindingCounts,
  }
}
