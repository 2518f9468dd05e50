/** The figures of many recordings in words: the cells of a table. */
import { findingCountsText } from '../../../shared/finding-text.ts'
import type { OverviewFigures, RecordingRow, RecordingsOverview } from '../../../shared/report/overview.ts'
import { formatCount, plural, preciseSpan } from '../../../shared/text/quantities.ts'
import { startText, TOTAL_COLUMNS, UNKNOWN } from '../facts.ts'

/** Columns of recordings only, after that of the name. */
const OF_RECORDINGS: readonly (readonly [name: string, cell: (row: RecordingRow) => string])[] = [
  ['Start', ({ startedAt }) => (startedAt === null ? UNKNOWN : startText(startedAt))],
  ['Duration', ({ duration }) => preciseSpan(duration)],
]
/** Columns that the sum has, too. Undefined if there is nothing to say. */
const OF_ALL: readonly (readonly [name: string, cell: (figures: OverviewFigures) => string | undefined])[] = [
  ['Connections', ({ connections }) => formatCount(connections)],
  ['Events', ({ events }) => formatCount(events)],
  ...TOTAL_COLUMNS,
  ['Errors', ({ errors }) => (errors === 0 ? undefined : formatCount(errors))],
  ['Findings', ({ findings }) => findingCountsText(findings) || undefined],
]

/** The heads of the columns. */
export const OVERVIEW_HEADS: readonly string[] = [
  'Recording',
  ...OF_RECORDINGS.map(([head]) => head),
  ...OF_ALL.map(([head]) => head),
]

/** The cells of each recording, then those of all together. */
export function overviewCells({ recordings, total }: RecordingsOverview): string[][] {
  return [
    ...recordings.map((row) => [row.file, ...OF_RECORDINGS.map(([, cell]) => cell(row)), ...cellsOfAll(row)]),
    ['All', ...OF_RECORDINGS.map(() => ''), ...cellsOfAll(total)],
  ]
}

function cellsOfAll(figures: OverviewFigures): string[] {
  return OF_ALL.map(([, cell]) => cell(figures) ?? UNKNOWN)
}

/** `3 recordings: 328 events on 9 connections`, and how many are left out. */
export function overviewTitle({ recordings, total, omitted }: RecordingsOverview): string {
  const { events, connections } = total
  const more = omitted === 0 ? '' : `; ${plural(omitted, 'further recording')} left out`
  return `${plural(recordings.length, 'recording')}: ${plural(events, 'event')} on ${plural(connections, 'connection')}${more}`
}
