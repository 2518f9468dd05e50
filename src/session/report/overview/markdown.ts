/** Writes the figures of many recordings as Markdown (GitHub's, with tables). */
import type { RecordingsOverview } from '../../../shared/report/overview.ts'
import { escapeMarkdown } from '../../../shared/text/markdown.ts'
import { tableRow } from '../markdown.ts'
import { OVERVIEW_HEADS, overviewCells, overviewTitle } from './cells.ts'

/** Columns whose cells are names; the others are figures. */
const NAMES = 2

export function overviewMarkdown(overview: RecordingsOverview): string {
  const { unread } = overview
  const lines = [
    '# Realtime report',
    '',
    escapeMarkdown(overviewTitle(overview)),
    '',
    tableRow(OVERVIEW_HEADS),
    tableRow(OVERVIEW_HEADS.map((_, at) => (at < NAMES ? '---' : '---:'))),
    ...overviewCells(overview).map((cells) => tableRow(cells.map(escapeMarkdown))),
    ...(unread.length === 0 ? [] : ['', '## Not read', '']),
    ...unread.map(({ file, reason }) => `- ${escapeMarkdown(`${file}: ${reason}`)}`),
  ]
  return `${lines.join('\n')}\n`
}
