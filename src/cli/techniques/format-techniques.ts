/** Formats the techniques of a session as text: a table, then the ranking. */
import type { Colors } from 'picocolors/types'
import type {
  TechniqueAdvice,
  TechniqueConnection,
  TechniqueFeed,
  TechniqueReport,
} from '../../shared/techniques.ts'
import { byteCount, nounFor, plural, preciseSpan, timeSpan } from '../../shared/text/quantities.ts'
import { TRANSPORT_TRAITS, traitsOf } from '../../shared/transports.ts'
import { printable, truncate } from '../pretty/terminal-text.ts'
import { textTable } from '../pretty/text-table.ts'

const MIN_COLUMNS = 60
const MAX_COLUMNS = 110

/** The lines to print; `columns` is the terminal's width. */
export function formatTechniques(report: TechniqueReport, colors: Colors, columns: number): string[] {
  const width = Math.min(Math.max(columns, MIN_COLUMNS), MAX_COLUMNS)
  const { connections, feed, advice, changes, missing } = report
  const compared = connections.filter(({ inFeed }) => inFeed)
  const others = connections.filter(({ inFeed }) => !inFeed)
  return [
    ...(feed === null ? [] : [truncate(headOf(feed), width), '']),
    ...table(compared, colors),
    ...(others.length > 0 ? ['', colors.dim('Not of this feed:'), ...table(others, colors)] : []),
    ...(advice.length > 0
      ? ['', colors.bold('Which fits this feed'), ...advice.flatMap((each, at) => ranked(each, at, colors))]
      : []),
    ...(changes.length > 0
      ? [
          '',
          colors.bold('What would change this'),
          ...changes.map(
            ({ change, technique }) => `  ${change}: ${colors.bold(TRANSPORT_TRAITS[technique].label)}`,
          ),
        ]
      : []),
    ...(missing.length > 0
      ? ['', colors.bold('What is missing'), ...missing.map((each) => `  ${each}`)]
      : []),
  ]
}

function headOf({
  connections,
  by,
  counter,
  clock,
  latencyFrom,
  skew,
  events,
  duration,
}: TechniqueFeed): string {
  const how = {
    content: ', matched by content',
    counter: `, matched by ${counter ?? 'a counter'}`,
    chosen: ', chosen',
    only: '',
    busiest: '',
  }[by]
  const from =
    latencyFrom === 'clock'
      ? `; latency from ${clock}`
      : latencyFrom === 'fastest'
        ? '; latency after the first arrival'
        : ''
  const apart = skew === null ? '' : `, clocks at least ${timeSpan(skew)} apart`
  const one = connections.length
  return printable(
    `One feed on ${one} ${nounFor(one, 'connection')}: ${plural(events, 'event')} in ${timeSpan(duration)}${how}${from}${apart}`,
  )
}

/** A column: its head, its cells, and whether they are aligned to the right. */
type Column = readonly [head: string, cell: (row: TechniqueConnection) => string, isText?: boolean]

const UNKNOWN = '?'
const COLUMNS: readonly Column[] = [
  ['#', ({ id }) => String(id)],
  ['technique', nameOf, true],
  ['events', ({ events }) => String(events)],
  ['requests', ({ requests }) => String(requests)],
  ['per event', ({ requestsPerEvent }) => requestsPerEvent?.toFixed(2) ?? UNKNOWN],
  ['empty', ({ emptyShare }) => (emptyShare === null ? '' : `${Math.round(emptyShare * 100)} %`)],
  [
    'overhead',
    ({ overheadPerEvent }) => (overheadPerEvent === null ? UNKNOWN : byteCount(Math.round(overheadPerEvent))),
  ],
  ['p50', ({ latency }) => (latency === null ? UNKNOWN : preciseSpan(latency.p50))],
  ['p95', ({ latency }) => (latency === null ? UNKNOWN : preciseSpan(latency.p95))],
  ['batch', ({ eventsPerArrival }) => eventsPerArrival?.toFixed(1) ?? UNKNOWN],
  ['reconnects', ({ reconnects }) => String(reconnects)],
  ['lost', ({ lost }) => (lost === null ? UNKNOWN : String(lost))],
]

function table(rows: readonly TechniqueConnection[], colors: Colors): string[] {
  if (rows.length === 0) return []
  return textTable(
    COLUMNS.map(([head, cell, isText]) => ({ head, cells: rows.map(cell), isText })),
    colors,
  )
}

/** Such as `polling every 1.0 s`. */
function nameOf({ transport, interval }: TechniqueConnection): string {
  const label = traitsOf(transport)?.label ?? transport
  return interval === null ? label : `${label} every ${timeSpan(interval)}`
}

function ranked({ technique, summary, because }: TechniqueAdvice, place: number, colors: Colors): string[] {
  const name = colors.bold(TRANSPORT_TRAITS[technique].label)
  return [
    `  ${place + 1}. ${name}${summary === '' ? '' : `: ${summary}`}`,
    ...because.map(({ text, source }) => {
      const cited = source === undefined ? '' : colors.dim(` (${source.title}, ${source.url})`)
      return `     because ${printable(text)}${cited}`
    }),
  ]
}
