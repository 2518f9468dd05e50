/** Findings as documents: Markdown, and JSON as the terminal prints it. */
import { connectionNames, type Named } from './connection-names.ts'
import { countFindings, type Finding } from './finding.ts'
import { findingCountsText, findingLines, findingPlace, findingTitle } from './finding-text.ts'
import type { FindingList } from './protocol/findings.ts'
import type { ReportedFinding } from './report.ts'
import { escapeMarkdown } from './text/markdown.ts'
import { plural } from './text/quantities.ts'

/** All that was found, with what was checked. */
export function findingsMarkdown(list: FindingList, connections: readonly Named[]): string {
  const { findings, rules, events, failed, skipped } = list
  const names = connectionNames(connections)
  const checked = `${plural(rules, 'rule')} checked ${plural(events, 'event')} on ${plural(connections.length, 'connection')}`
  const counts = findings.length === 0 ? '' : `: ${findingCountsText(countFindings(findings))}`
  const limits = [
    failed.length > 0 ? `${plural(failed.length, 'rule')} failed: ${failed.join(', ')}` : '',
    skipped > 0 ? `the payloads of ${plural(skipped, 'event')} were left out, which came too fast` : '',
  ].filter((part) => part !== '')
  const nameOf = ({ connection }: Finding) => (connection === undefined ? undefined : names.get(connection))
  const lines = [
    '# Findings',
    '',
    escapeMarkdown(`${plural(findings.length, 'finding')}${counts}. ${[checked, ...limits].join('; ')}.`),
    ...(findings.length === 0 ? [] : ['']),
    ...findings.flatMap((finding) => findingMarkdown(finding, findingPlace(finding, nameOf(finding)))),
  ]
  return `${lines.join('\n')}\n`
}

/** The findings with their documented fields, without charts. */
export function findingsJson(findings: readonly Finding[]): string {
  return JSON.stringify({ findings: findings.map(toJson) }, null, 2)
}

/** A finding as items of a list. `place` says where and when it is. */
export function findingMarkdown(finding: ReportedFinding, place: string): string[] {
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

/** The documented fields, each of them always there. */
function toJson({ chart: _, ...finding }: Finding) {
  const { rule, severity, connection, from, to, events, message, advice, evidence, source, ...more } = finding
  return {
    ...{ rule, severity, connection: connection ?? null, from: from ?? null, to: to ?? null },
    ...{ events: events ?? [], message, advice: advice ?? null, evidence, source: source?.title ?? null },
    sourceUrl: source?.url ?? null,
    ...more,
  }
}
