/** Prints what a diagnosis found, for people and for programs. */
import type { Colors } from 'picocolors/types'
import { connectionNames, type Named } from '../../shared/connection-names.ts'
import { countFindings, type Severity } from '../../shared/finding.ts'
import { findingCountsText, findingLines, findingPlace, findingTitle } from '../../shared/finding-text.ts'
import type { ReportedFinding } from '../../shared/report.ts'
import { plural } from '../../shared/text/quantities.ts'
import { printable, truncate, width as widthOf } from '../pretty/terminal-text.ts'

const MIN_COLUMNS = 60
const MAX_COLUMNS = 110
const INDENT = '  '

const PAINT = { error: 'red', warning: 'yellow', info: 'blue' } as const satisfies Record<
  Severity,
  keyof Colors
>

/** Each finding as a paragraph; `columns` is the terminal's width. */
export function formatFindings(
  findings: readonly ReportedFinding[],
  connections: readonly Named[],
  colors: Colors,
  columns: number,
): string[] {
  const width = Math.min(Math.max(columns, MIN_COLUMNS), MAX_COLUMNS)
  const names = connectionNames(connections)
  const nameOf = (id: number) => {
    const name = names.get(id) ?? ''
    return name === '' ? `connection ${id}` : `${name} (connection ${id})`
  }
  return findings.flatMap((finding) => {
    const { severity, rule, connection } = finding
    const room = width - severity.length - rule.length - 4
    const title = truncate(printable(findingTitle(finding)), room)
    const place = findingPlace(finding, connection === undefined ? undefined : nameOf(connection))
    const lines = findingLines(finding).flatMap(({ name, text }) =>
      wrap(printable(name === '' ? text : `${name}: ${text}`), width - INDENT.length),
    )
    return [
      '',
      `${colors[PAINT[severity]](severity)} ${colors.bold(title)} ${colors.dim(`(${rule})`)}`,
      ...(place === '' ? [] : [colors.dim(INDENT + truncate(printable(place), width - INDENT.length))]),
      ...lines.map((line) => INDENT + line),
    ]
  })
}

/** Such as `3 findings: 1 error, 2 warnings`. */
export function findingSummary(findings: readonly ReportedFinding[]): string {
  if (findings.length === 0) return 'No findings'
  return `${plural(findings.length, 'finding')}: ${findingCountsText(countFindings(findings))}`
}

/** Breaks a printable text between words. A longer word has a line of its own. */
function wrap(text: string, room: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > room) {
      lines.push(line)
      line = `${INDENT}${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
