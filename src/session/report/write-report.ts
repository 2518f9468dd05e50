/** Writes a report as a document. */
import type { ReportFormat } from '../../shared/protocol.ts'
import type { RecordingsOverview } from '../../shared/report/overview.ts'
import type { SessionReport } from '../../shared/report.ts'
import { reportHtml } from './html.ts'
import { reportMarkdown } from './markdown.ts'
import { overviewHtml } from './overview/html.ts'
import { overviewMarkdown } from './overview/markdown.ts'

const WRITERS: Readonly<Record<ReportFormat, (report: SessionReport) => string>> = {
  html: reportHtml,
  markdown: reportMarkdown,
}

export function writeReport(report: SessionReport, format: ReportFormat): string {
  return WRITERS[format](report)
}

const OVERVIEW_WRITERS: Readonly<Record<ReportFormat, (overview: RecordingsOverview) => string>> = {
  html: overviewHtml,
  markdown: overviewMarkdown,
}

export function writeOverview(overview: RecordingsOverview, format: ReportFormat): string {
  return OVERVIEW_WRITERS[format](overview)
}
