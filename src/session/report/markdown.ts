/** Writes a report as Markdown (GitHub's, with tables). */
import { findingMarkdown } from '../../shared/finding-document.ts'
import type { SessionReport } from '../../shared/report.ts'
import { escapeMarkdown } from '../../shared/text/markdown.ts'
import {
  COLUMN_NAMES,
  connectionCells,
  detailsOf,
  findingPlaces,
  namesOf,
  sessionFacts,
  timeSpanText,
  totalCells,
} from './facts.ts'

/** Columns whose cells are names; the others are figures. */
const NAMES = 2

export function reportMarkdown(report: SessionReport): string {
  const nameOf = namesOf(report)
  const rows = [...report.connections.map((each) => connectionCells(each, nameOf(each))), totalCells(report)]
  const lines = [
    '# Realtime report',
    '',
    escapeMarkdown(timeSpanText(report)),
    '',
    ...sessionFacts(report).map(
      ({ name, value, detail }) => `- **${name}**: ${escapeMarkdown(`${value} (${detail})`)}`,
    ),
    ...findingLists(report),
    '',
    '## Connections',
    '',
    tableRow(COLUMN_NAMES),
    tableRow(COLUMN_NAMES.map((_, at) => (at < NAMES ? '---' : '---:'))),
    ...rows.map((cells) => tableRow(cells.map(escapeMarkdown))),
    ...report.connections.flatMap((connection) => [
      '',
      `### ${escapeMarkdown(`${connection.id}: ${nameOf(connection)}`)}`,
      '',
      ...(connection.url === '' ? [] : [`- URL: ${escapeMarkdown(connection.url)}`]),
      ...detailsOf(connection).map(([name, value]) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(value)}`),
    ]),
    '',
    escapeMarkdown(report.generator === '' ? '' : `Recorded by ${report.generator}.`),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function findingLists(report: SessionReport): string[] {
  const { findings } = report
  if (findings.length === 0) return []
  const placeOf = findingPlaces(report)
  return ['', '## Findings', '', ...findings.flatMap((finding) => findingMarkdown(finding, placeOf(finding)))]
}

export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
