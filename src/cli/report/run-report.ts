/** Makes the report of a recording and prints it. */
import { openRecording } from '../../session/open-recording.ts'
import { writeReport } from '../../session/report/write-report.ts'
import { reportRecording } from '../../session/report-recording.ts'
import type { ReportFormat } from '../../shared/protocol.ts'
import type { SessionReport } from '../../shared/report.ts'
import { EXIT } from '../exit.ts'
import { printLines } from '../line-stream.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import { printProblems } from '../recordings.ts'
import { formatReport } from './format-report.ts'

export interface ReportOptions {
  readonly format: 'text' | 'json' | ReportFormat
  readonly color?: boolean
}

/** Resolves with the exit code. Rejects with a `Failure` if the file cannot be read. */
export async function runReport(path: string, { format, color }: ReportOptions): Promise<number> {
  const recording = await openRecording(path)
  const report = await reportRecording(recording)
  await printLines(linesOf(report, format, color))
  printProblems(recording, path)
  return EXIT.done
}

function linesOf(
  report: SessionReport,
  format: ReportOptions['format'],
  color: boolean | undefined,
): readonly string[] {
  switch (format) {
    case 'json':
      return [JSON.stringify(report, null, 2)]
    case 'text':
      return formatReport(report, chooseColors(color), process.stdout.columns ?? 100)
    default:
      return [writeReport(report, format).trimEnd()]
  }
}
