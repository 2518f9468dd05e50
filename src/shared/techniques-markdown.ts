/** Writes the techniques of a session as Markdown. */

import type { TechniqueConnection, TechniqueReport } from './techniques.ts'
import { escapeMarkdown } from './text/markdown.ts'
import { byteCount, preciseSpan } from './text/quantities.ts'
import { TRANSPORT_TRAITS, traitsOf } from './transports.ts'

type Column = readonly [head: string, cell: (row: TechniqueConnection) => string]

const UNKNOWN = '?'
const COLUMNS: readonly Column[] = [
  ['Technique', ({ transport, id }) => `${traitsOf(transport)?.label ?? transport} (connection ${id})`],
  ['URL', ({ url }) => url],
  ['Events', ({ events }) => String(events)],
  ['Requests', ({ requests }) => String(requests)],
  ['Requests per event', ({ requestsPerEvent }) => requestsPerEvent?.toFixed(2) ?? UNKNOWN],
  ['Empty answers', ({ emptyShare }) => (emptyShare === null ? '' : `${Math.round(emptyShare * 100)} %`)],
  [
    'Overhead per event',
    ({ overheadPerEvent }) => (overheadPerEvent === null ? UNKNOWN : byteCount(Math.round(overheadPerEvent))),
  ],
  ['Latency p50', ({ latency }) => (latency === null ? UNKNOWN : preciseSpan(latency.p50))],
  ['Latency p95', ({ latency }) => (latency === null ? UNKNOWN : preciseSpan(latency.p95))],
  ['Reconnects', ({ reconnects }) => String(reconnects)],
  ['Lost', ({ lost }) => (lost === null ? UNKNOWN : String(lost))],
]

export function techniquesMarkdown({ connections, advice, changes, missing }: TechniqueReport): string {
  const rows = connections.filter(({ inFeed }) => inFeed)
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  const parts = [
    '# Techniques side by side',
    [
      line(COLUMNS.map(([head]) => head)),
      `| ${COLUMNS.map(() => '---').join(' | ')} |`,
      ...rows.map((row) => line(COLUMNS.map(([, cell]) => cell(row)))),
    ].join('\n'),
    ...(advice.length > 0 ? ['## Which fits this feed'] : []),
    advice
      .map(({ technique, summary, because }, at) =>
        [
          `${at + 1}. **${TRANSPORT_TRAITS[technique].label}**${summary === '' ? '' : `: ${summary}`}`,
          ...because.map(
            ({ text, source }) =>
              `   - because ${escapeMarkdown(text)}${source === undefined ? '' : ` ([${source.title}](${source.url}))`}`,
          ),
        ].join('\n'),
      )
      .join('\n'),
    ...(changes.length > 0
      ? [
          '## What would change this',
          changes
            .map(({ change, technique }) => `- ${change}: ${TRANSPORT_TRAITS[technique].label}`)
            .join('\n'),
        ]
      : []),
    ...(missing.length > 0 ? ['## What is missing', missing.map((each) => `- ${each}`).join('\n')] : []),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}
