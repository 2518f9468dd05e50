/** Formats a report as text. */
import type { Colors } from 'picocolors/types'
import { largest } from '../../shared/numbers.ts'
import { decodedReportText } from '../../shared/report/decoded-text.ts'
import { clocksText } from '../../shared/report/delivery-text.ts'
import {
  type ConnectionReport,
  type DecodedReport,
  type DirectionReport,
  type Distribution,
  type SessionReport,
  UNKNOWN_START,
} from '../../shared/report.ts'
import { byteCount, nounFor, plural, preciseSpan as span } from '../../shared/text/quantities.ts'
import { findingSummary, formatFindings } from '../diagnose/format-findings.ts'
import { pad, printable, width as textWidth, truncate } from '../pretty/terminal-text.ts'

const MIN_COLUMNS = 60
const MAX_COLUMNS = 110
/** Width of a line's name, in cells. */
const NAME = 13
const BAR = 30
/** Names of packets that are listed, and the largest width of a name in cells. */
const MAX_DECODED = 12
const DECODED_NAME = 24

/** The lines to print; `columns` is the terminal's width. */
export function formatReport(report: SessionReport, colors: Colors, columns: number): string[] {
  const width = Math.min(Math.max(columns, MIN_COLUMNS), MAX_COLUMNS)
  const { connections, events, marks, duration, findings } = report
  const lines = [
    `${report.startedAt ?? UNKNOWN_START}, ${span(duration)}: ${events} ${nounFor(events, 'event')} on ${connections.length} ${nounFor(connections.length, 'connection')}${marks > 0 ? `, ${marks} ${nounFor(marks, 'mark')}` : ''}`,
  ]
  if (report.generator !== '') lines.push(colors.dim(printable(`recorded by ${report.generator}`)))
  return [
    ...lines,
    ...connections.flatMap((each) => ['', ...formatConnection(each, colors, width)]),
    ...(findings.length === 0 ? [] : ['', findingSummary(findings)]),
    ...formatFindings(findings, connections, colors, columns),
  ]
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(NAME)} ${text}`
}

function formatConnection(connection: ConnectionReport, colors: Colors, width: number): string[] {
  const { id, transport, url, events, errors, eventNames, outages, polls } = connection
  const lines = [colors.bold(truncate(printable(`Connection ${id} (${transport}) ${url}`), width))]
  const list = (counts: Readonly<Record<string, number>>) =>
    truncate(
      printable(
        Object.entries(counts)
          .map(([name, count]) => `${name} ${count}`)
          .join(', '),
      ),
      width - NAME - 3,
    )
  lines.push(line('events', list(events)))
  for (const [arrow, direction] of [
    ['↓ in', connection.in],
    ['↑ out', connection.out],
  ] as const)
    if (direction.messages > 0)
      for (const each of formatDirection(arrow, direction, colors, width)) lines.push(each)
  if (Object.keys(eventNames).length > 1) lines.push(line('event names', list(eventNames)))
  for (const each of formatDecoded(connection.decoded, width)) lines.push(each)
  if (connection.answers !== null) lines.push(line('answers', percentiles(connection.answers)))
  if (connection.roundTrips !== null) lines.push(line('round trips', percentiles(connection.roundTrips)))
  if (connection.delivery !== null) {
    const { field, events, latency } = connection.delivery
    lines.push(
      line('delivery', `${percentiles(latency)} above the fastest of ${events}, by ${printable(field)}`),
    )
    lines.push(line('', clocksText(connection.delivery)))
  }
  if (polls !== null) {
    const held = polls.held === null ? '' : `; held ${percentiles(polls.held)}`
    lines.push(
      line(
        'polls',
        `${plural(polls.responses, 'answer')}, ${polls.empty} (${Math.round(polls.emptyShare * 100)} %) empty${held}`,
      ),
    )
  }
  if (outages.reconnects > 0 || outages.outages > 0)
    lines.push(colors.yellow(line('reconnects', describeOutages(outages))))
  if (outages.missed > 0 || outages.repeated > 0)
    lines.push(colors.yellow(line('gaps', `${outages.missed} missed, ${outages.repeated} repeated`)))
  if (Object.keys(errors).length > 0) lines.push(colors.red(line('errors', list(errors))))
  return lines
}

function formatDecoded(decoded: readonly DecodedReport[], width: number): string[] {
  const rows = decoded.slice(0, MAX_DECODED)
  const names = rows.map(({ name }) => truncate(printable(name), DECODED_NAME))
  const room = largest(names.map(textWidth), 0)
  const lines = rows.map((row, at) => {
    const text = `${pad(names[at] ?? '', room)}  ${decodedReportText(row)}`
    return truncate(line(at === 0 ? 'decoded' : '', text), width)
  })
  const more = decoded.length - lines.length
  return more > 0 ? [...lines, line('', `${more} more names`)] : lines
}

function describeOutages({
  reconnects,
  outages,
  timeLost,
  longest,
  endsLost,
}: ConnectionReport['outages']): string {
  const lost =
    outages === 0 ? '' : `, ${span(timeLost)} lost${outages > 1 ? `, the longest ${span(longest)}` : ''}`
  return `${reconnects}${lost}${endsLost ? ', not open again at the end' : ''}`
}

function percentiles({ p50, p95, p99, max }: Distribution): string {
  return `p50 ${span(p50)}, p95 ${span(p95)}, p99 ${span(p99)}, max ${span(max)}`
}

function formatDirection(name: string, report: DirectionReport, colors: Colors, width: number): string[] {
  const { messages, bytes, gaps, rate, sizes } = report
  const lines = [line(name, `${messages} ${nounFor(messages, 'message')}, ${byteCount(bytes.payload)}`)]
  lines.push(line('  on the wire', describeWire(report)))
  if (gaps !== null) lines.push(line('  gaps', percentiles(gaps)))
  const counts = condense(rate.counts, width - NAME - 30)
  if (counts.length > 1) {
    const each = rate.bucket * Math.ceil(rate.counts.length / counts.length) || rate.bucket
    const most = largest(counts, 0)
    lines.push(
      line(
        '  rate',
        `${colors.cyan(sparkline(counts))} ${colors.dim(`${span(each)} each, at most ${most}`)}`,
      ),
    )
  }
  const most = largest(
    sizes.map(({ count }) => count),
    0,
  )
  for (const [at, { from, to, count }] of sizes.entries()) {
    const range = to <= 1 ? byteCount(from) : `${byteCount(from)} to ${byteCount(to)}`
    lines.push(
      line(at === 0 ? '  sizes' : '', `${range.padStart(18)} ${colors.cyan(bar(count, most, BAR))} ${count}`),
    )
  }
  return lines
}

function describeWire({ bytes, messages }: DirectionReport): string {
  const { known, unknown, heads, wire, overhead } = bytes
  if (known === 0 && heads === 0) return 'unknown'
  const payload = wire - overhead
  const share =
    payload === 0 ? '' : ` (${overhead < 0 ? '' : '+'}${((overhead / payload) * 100).toFixed(1)} %)`
  const sign = overhead < 0 ? `${byteCount(-overhead)} saved` : `${byteCount(overhead)} overhead`
  const ofHeads = heads === 0 ? '' : `, heads ${byteCount(heads)}`
  return `${byteCount(wire)}, ${sign}${share}${ofHeads}${unknown > 0 ? `; unknown for ${unknown} of ${messages}` : ''}`
}

const BLOCKS = ' ▁▂▃▄▅▆▇█'
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** One character for each value, as high as its share of the largest. A value above 0 is never blank. */
function sparkline(values: readonly number[]): string {
  const most = largest(values, 1)
  return values.map((value) => BLOCKS.charAt(Math.ceil((value / most) * (BLOCKS.length - 1)))).join('')
}

/** A bar of at most `room` cells, in steps of an eighth of a cell. */
function bar(value: number, most: number, room: number): string {
  const eighths = Math.ceil((value / Math.max(most, 1)) * room * 8)
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
}

/** Adds up neighbors so that at most `count` values are left. */
function condense(values: readonly number[], count: number): number[] {
  const each = Math.ceil(values.length / count)
  const sums: number[] = []
  for (let from = 0; from < values.length; from += each)
    sums.push(values.slice(from, from + each).reduce((sum, value) => sum + value, 0))
  return sums
}
