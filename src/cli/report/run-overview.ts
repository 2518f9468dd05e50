/** Makes the table of many recordings and prints it. */
import { stat } from 'node:fs/promises'
import type { Colors } from 'picocolors/types'
import { type NamedFile, overviewOf, recordingsIn } from '../../session/overview.ts'
import { OVERVIEW_HEADS, overviewCells, overviewTitle } from '../../session/report/overview/cells.ts'
import { writeOverview } from '../../session/report/write-report.ts'
import type { RecordingsOverview } from '../../shared/report/overview.ts'
import { EXIT } from '../exit.ts'
import { printLines } from '../line-stream.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import { textTable } from '../pretty/text-table.ts'
import { printProblems } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import type { ReportOptions } from './run-report.ts'

/** Columns of text that are aligned to the left: the name and the start. */
const NAMES = 2

/** Whether the path is that of a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

/**
 * Reports on files and on the recordings in folders. Resolves with the exit code: `failed` if a recording could not be
 * read. Rejects with a `Failure` if a folder has no recordings.
 */
export async function runOverview(
  paths: readonly string[],
  { format, color }: ReportOptions,
): Promise<number> {
  const onRead = ({ name }: NamedFile, recording: Parameters<typeof printProblems>[0]) =>
    printProblems(recording, name)
  const overview = await overviewOf(await filesOf(paths), { onRead })
  await printLines(linesOf(overview, format, color))
  for (const { file, reason } of overview.unread) printNotice(`${file}: ${reason}`)
  const { omitted } = overview
  if (omitted > 0)
    printNotice(`The last ${omitted} recordings were left out; report on them in smaller parts.`)
  return overview.unread.length > 0 ? EXIT.failed : EXIT.done
}

/** Files are called by their paths, except for those of a single folder. */
async function filesOf(paths: readonly string[]): Promise<NamedFile[]> {
  const files: NamedFile[] = []
  for (const path of paths) {
    const found = (await isFolder(path)) ? await recordingsIn(path) : [{ path, name: path }]
    for (const file of found) files.push(paths.length === 1 ? file : { ...file, name: file.path })
  }
  return files
}

function linesOf(
  overview: RecordingsOverview,
  format: ReportOptions['format'],
  color: boolean | undefined,
): readonly string[] {
  switch (format) {
    case 'json':
      return [JSON.stringify(overview, null, 2)]
    case 'text':
      return [overviewTitle(overview), '', ...tableOf(overview, chooseColors(color))]
    default:
      return [writeOverview(overview, format).trimEnd()]
  }
}

/** Without columns in which no recording has a figure. */
function tableOf(overview: RecordingsOverview, colors: Colors): string[] {
  const rows = overviewCells(overview)
  const columns = OVERVIEW_HEADS.map((head, at) => ({
    head,
    cells: rows.map((row) => row[at] ?? ''),
    isText: at < NAMES,
  }))
  const filled = columns.filter(({ cells }) => cells.some((cell) => /[\p{L}\p{N}]/u.test(cell)))
  return textTable(filled, colors)
}
