/** Formats a comparison as text. */
import type { Colors, Formatter } from 'picocolors/types'
import type {
  Comparison,
  ComparisonCounts,
  ConnectionComparison,
  ConnectionSummary,
} from '../../session/compare/comparison.ts'
import type { FieldChange } from '../../session/compare/json-diff.ts'
import type { Difference, DifferenceSide } from '../../session/compare/list-differences.ts'
import { nounFor, timeSpan } from '../../shared/text/quantities.ts'
import { timeText } from '../pretty/event-line.ts'
import { payloadPreview, printable, truncate } from '../pretty/terminal-text.ts'

/** At most this many changed fields are shown for one message. */
const MAX_FIELDS = 10
const MIN_COLUMNS = 40
/** Cells before a payload: sign, number, time, direction and kind. */
const HEAD = 40

/** The lines to print; `columns` is the terminal's width. */
export function formatComparison(
  comparison: Comparison,
  differences: readonly Difference[],
  colors: Colors,
  columns: number,
): string[] {
  const { same, counts } = comparison
  if (same) {
    const [messages, connections] = [counts.same, comparison.connections.length]
    return [
      colors.green(
        `The sessions are the same: ${messages} ${nounFor(messages, 'message')} on ${connections} ${nounFor(connections, 'connection')}.`,
      ),
    ]
  }
  const width = Math.max(columns, MIN_COLUMNS)
  const lines: string[] = []
  const byConnection = groupByConnection(differences)
  for (const connection of comparison.connections) {
    const own = byConnection.get(connection) ?? []
    if (own.length === 0 && connection.lifecycle.length === 0 && connection.a && connection.b) continue
    lines.push(colors.bold(truncate(printable(title(connection)), width)))
    for (const { field, before, after } of connection.lifecycle)
      lines.push(
        truncate(`  ${field}: `, width) +
          colors.red(printable(before)) +
          ' → ' +
          colors.green(printable(after)),
      )
    for (const difference of own) lines.push(formatDifference(difference, colors, width).join('\n'))
  }
  const { lifecycle, same: _, missingConnections, extraConnections, ...messages } = counts
  const total = Object.values(messages).reduce((sum, count) => sum + count, 0)
  if (total > differences.length)
    lines.push(colors.dim(`… and ${total - differences.length} more; raise --max-differences to list them.`))
  return lines
}

function groupByConnection(
  differences: readonly Difference[],
): ReadonlyMap<ConnectionComparison, readonly Difference[]> {
  const groups = new Map<ConnectionComparison, Difference[]>()
  for (const difference of differences) {
    const group = groups.get(difference.connection)
    if (group === undefined) groups.set(difference.connection, [difference])
    else group.push(difference)
  }
  return groups
}

function title({ a, b }: ConnectionComparison): string {
  const name = (side: ConnectionSummary) => `${side.id} (${side.transport} ${side.url})`
  if (a === undefined) return b === undefined ? '' : `Connection ${name(b)} is only in B`
  return b === undefined ? `Connection ${name(a)} is only in A` : `Connection ${name(a)}`
}

interface Style {
  readonly sign: string
  readonly name: string
  readonly color: keyof Colors & ('red' | 'green' | 'yellow' | 'cyan')
}

const STYLES: Readonly<Record<Difference['kind'], Style>> = {
  missing: { sign: '-', name: 'missing', color: 'red' },
  extra: { sign: '+', name: 'extra', color: 'green' },
  changed: { sign: '~', name: 'changed', color: 'yellow' },
  moved: { sign: '↕', name: 'reordered', color: 'cyan' },
  late: { sign: '»', name: 'late', color: 'yellow' },
  early: { sign: '«', name: 'early', color: 'yellow' },
}

const KINDS = Object.keys(STYLES) as Difference['kind'][]

function formatDifference(difference: Difference, colors: Colors, width: number): string[] {
  const { kind, direction, a, b, lag, changes } = difference
  const { sign, name, color } = STYLES[kind]
  const paint: Formatter = colors[color]
  const arrow = direction === 'out' ? '↑' : '↓'
  const number = [a && `#${a.event}`, b && b.event !== a?.event && `#${b.event}`].filter(Boolean).join('→')
  const by = lag === undefined ? '' : ` by ${timeSpan(Math.abs(lag))}`
  const head = `  ${sign} ${number.padEnd(11)} ${seconds(a ?? b)} ${arrow} ${(name + by).padEnd(9)} `
  const room = Math.max(width - Math.max(head.length, HEAD), 10)
  const lines = [paint(head) + preview(a ?? b, room)]
  for (const change of changes?.slice(0, MAX_FIELDS) ?? []) lines.push(formatChange(change, colors, width))
  const more = (changes?.length ?? 0) - MAX_FIELDS
  if (more > 0) lines.push(colors.dim(`      … and ${more} more fields`))
  return lines
}

function seconds(side: DifferenceSide | undefined): string {
  const time = side?.message?.time
  return time === undefined ? ' '.repeat(9) : timeText(time)
}

function preview(side: DifferenceSide | undefined, room: number): string {
  return side?.message === undefined
    ? ''
    : payloadPreview(side.message.payload, room, side.message.opcode === 'binary')
}

function formatChange({ path, before, after }: FieldChange, colors: Colors, width: number): string {
  const head = `      ${truncate(printable(path), Math.floor(width / 2))}: `
  const room = Math.max(Math.floor((width - head.length - 3) / 2), 10)
  const show = (value: FieldChange['before']) => truncate(printable(JSON.stringify(value) ?? ''), room)
  const absent = colors.dim('absent')
  const from = before === undefined ? absent : colors.red(show(before))
  return `${head}${from} → ${after === undefined ? absent : colors.green(show(after))}`
}

const COUNT_NAMES: readonly (readonly [keyof ComparisonCounts, one: string, many: string])[] = [
  ...KINDS.map((kind) => [kind, STYLES[kind].name, STYLES[kind].name] as const),
  ['missingConnections', 'missing connection', 'missing connections'],
  ['extraConnections', 'extra connection', 'extra connections'],
  ['lifecycle', 'difference in the course of a connection', 'differences in the course of connections'],
]

/** Names the counts above 0, such as "2 missing, 1 changed". */
export function differencesSentence(counts: ComparisonCounts): string {
  return COUNT_NAMES.filter(([name]) => counts[name] > 0)
    .map(([name, one, many]) => `${counts[name]} ${counts[name] === 1 ? one : many}`)
    .join(', ')
}
