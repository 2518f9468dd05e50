/** Writes a report as Markdown (GitHub's, with tables). */
import { findingLines, findingTitle } from '../../shared/finding-text.ts'
import type { ReportedFinding, SessionReport } from '../../shared/report.ts'
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
      ...detailsOf(connection).map(([name, value]) => `- ${name}: ${escapeMarkdown(value)}`),
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
  return ['', '## Findings', '', ...findings.flatMap((finding) => findingList(finding, placeOf(finding)))]
}

function findingList(finding: ReportedFinding, place: string): string[] {
  const { severity, rule, source } = finding
  const heading = `${findingTitle(finding)} (${rule}${place === '' ? '' : `; ${place}`})`
  return [
    `- **${severity}**: ${escapeMarkdown(heading)}`,
    ...findingLines(finding).map(({ name, text }) => {
      if (name === 'Source' && source !== undefined)
        return `  - Source: [${escapeMarkdown(source.title)}](${source.url})`
      return `  - ${name === '' ? '' : `${name}: `}${escapeMarkdown(text)}`
    }),
  ]
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** Text from a session as it is: no markup, HTML, link or line break. */
function escapeMarkdown(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end a cell or a line
      .replaceAll(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ')
      .replaceAll(/[\\`*_[\]<>|~#@]/g, '\\$&')
      .replaceAll('&', '&amp;')
      // GitHub makes links of URLs and of names that begin with "www.".
      .replaceAll('://', ':\\//')
      .replaceAll(/\bwww\./gi, (www) => `${www.slice(0, 3)}\\.`)
  )
}
