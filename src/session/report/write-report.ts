/** Writes a report as a document. */
import type { ReportFormat } from '../../shared/protocol.ts'
import type { SessionReport } from '../../shared/report.ts'
import { reportHtml } from './html.ts'
import { reportMarkdown } from './markdown.ts'

const WRITERS: Readonly<Record<ReportFormat, (report: SessionReport) => string>> = {
  html: reportHtml,
  markdown: reportMarkdown,
}

export function writeReport(report: SessionReport, format: ReportFormat): string {
  return WRITERS[format](report)
}
