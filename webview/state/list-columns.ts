/** The columns of the list. To add a column, add a row to the table: header, cells, widths and copied text follow. */
import { formatCount, sizeBar } from '../format/count.ts'
import { directionOf, type EventSummary } from './events/event-summary.ts'

/** What a cell is made from. */
export interface RowContent {
  readonly row: EventSummary
  /** As the time column shows it. */
  readonly time: string
  /** Undefined until it has arrived. */
  readonly preview: string | undefined
}

interface ColumnTraits {
  /** Empty if the header has no room for it. */
  readonly name: string
  /** For screen readers, if `name` is empty. */
  readonly spokenName?: string
  readonly hint: string
  /** Pixels. */
  readonly least: number
  readonly usual: number
  /** Whether the user can change the width. */
  readonly resizable: boolean
  /** Takes the width that the others leave. */
  readonly fills?: boolean
  /** Hidden if room is scarce, lower numbers first. Undefined for a column that always stays. */
  readonly hidesAs?: number
  /** Stays in a row that spans the list. */
  readonly inBanner?: boolean
  /** CSS classes of its cells. */
  readonly look: string
  readonly text: (content: RowContent) => string
  /** Whether the text comes from the peer and may have control characters in it. */
  readonly isPeerText?: boolean
  /** The cell in words, if its text is a symbol. */
  readonly spoken?: (content: RowContent) => string
  /** Length of a bar in front of the text, 0 to 1. */
  readonly bar?: (content: RowContent) => number
  /** The values on the clipboard, if they differ from the text. */
  readonly copied?: (content: RowContent) => readonly string[]
}

const TABLE = {
  number: {
    name: '#',
    hint: 'Number of the event in the session',
    least: 34,
    usual: 78,
    resizable: true,
    hidesAs: 2,
    inBanner: true,
    look: 'dim end',
    text: ({ row }) => formatCount(row.index + 1),
    copied: ({ row }) => [String(row.index + 1)],
  },
  time: {
    name: 'Time',
    hint: 'When the event happened',
    least: 60,
    usual: 98,
    resizable: true,
    hidesAs: 4,
    inBanner: true,
    look: 'tabular',
    text: ({ time }) => time,
  },
  delta: {
    name: 'Δ ms',
    hint: 'Milliseconds since the previous event of the same connection',
    least: 44,
    usual: 76,
    resizable: true,
    hidesAs: 1,
    look: 'dim end tabular',
    text: ({ row }) => row.delta,
    copied: ({ row }) => [row.delta.replaceAll('\u00a0', '')],
  },
  direction: {
    name: '',
    spokenName: 'Direction',
    hint: 'Direction: ↓ received, ↑ sent, · about the connection itself',
    least: 28,
    usual: 28,
    resizable: false,
    look: 'toned',
    text: ({ row }) => directionOf(row).arrow,
    spoken: ({ row }) => directionOf(row).word,
    copied: ({ row }) => [directionOf(row).word],
  },
  type: {
    name: 'Type',
    hint: 'Type of the event, or the name in its payload',
    least: 44,
    usual: 120,
    resizable: true,
    look: 'toned',
    text: ({ row }) => row.type,
    isPeerText: true,
  },
  size: {
    name: 'Size',
    hint: 'Payload bytes; the bar is logarithmic',
    least: 54,
    usual: 114,
    resizable: true,
    hidesAs: 3,
    look: '',
    text: ({ row }) => row.size,
    bar: ({ row }) => sizeBar(row.bytes ?? 0),
  },
  preview: {
    name: 'Preview',
    hint: 'Beginning of the payload',
    least: 130,
    usual: 130,
    resizable: false,
    fills: true,
    look: 'fades',
    text: ({ preview = '' }) => preview,
    isPeerText: true,
    copied: ({ row, preview = '' }) => [row.connection, preview],
  },
} as const satisfies Readonly<Record<string, ColumnTraits>>

export type ColumnId = keyof typeof TABLE

export interface Column extends ColumnTraits {
  readonly id: ColumnId
}

/** Widths that the user has set, in pixels. */
export type Widths = Readonly<Partial<Record<ColumnId, number>>>

export const COLUMN_IDS = Object.keys(TABLE) as readonly ColumnId[]
export const COLUMNS: readonly Column[] = COLUMN_IDS.map((id) => ({ id, ...TABLE[id] }))

/** Columns that can be hidden, the first to go first: the timeline and the details show the same. */
const HIDDEN_FIRST = COLUMNS.filter(({ hidesAs }) => hidesAs !== undefined).sort(
  (a, b) => (a.hidesAs ?? 0) - (b.hidesAs ?? 0),
)

/** Pixels a column has at most. */
export const MOST = 600

/** The column's width in pixels, as set or as usual. */
export function widthOf(column: Column, widths: Widths): number {
  return widths[column.id] ?? column.usual
}

/** The closest width within the column's bounds, in whole pixels. */
function clampWidth(column: Column, width: number): number {
  return Math.round(Math.min(MOST, Math.max(column.least, width)))
}

/** The width that a column gets if the user asks for `to`: within its bounds, and so that no other column is hidden. */
export function resized(
  column: Column,
  to: number,
  shown: readonly Column[],
  room: number,
  widths: Widths,
): number {
  const others = shown.reduce((sum, each) => sum + (each === column ? 0 : widthOf(each, widths)), 0)
  // If the column does not fit as it is, it can only become narrower.
  const most = Math.max(room - others, widthOf(column, widths))
  return clampWidth(column, Math.min(to, most))
}

/** The columns that fit into `room` pixels, in their order. */
export function shownColumns(room: number, widths: Widths): readonly Column[] {
  const shown = new Set(COLUMNS)
  const needed = () => [...shown].reduce((sum, each) => sum + widthOf(each, widths), 0)
  for (const column of HIDDEN_FIRST) {
    if (needed() <= room) break
    shown.delete(column)
  }
  return [...shown]
}

/** The value of `grid-template-columns`. */
export function tracks(columns: readonly Column[], widths: Widths): string {
  return columns.map((each) => (each.fills ? 'minmax(0, 1fr)' : `${widthOf(each, widths)}px`)).join(' ')
}

/** The valid widths among those kept earlier. */
export function parseWidths(value: unknown): Widths {
  if (typeof value !== 'object' || value === null) return {}
  const kept = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    COLUMNS.flatMap((each) => {
      const width = Object.hasOwn(kept, each.id) ? kept[each.id] : undefined
      const isValid = each.resizable && typeof width === 'number' && Number.isFinite(width)
      return isValid ? [[each.id, clampWidth(each, width)]] : []
    }),
  )
}

/** The row as a line of tab-separated values for the clipboard, with numbers as programs read them. */
export function rowAsText(content: RowContent): string {
  return COLUMNS.flatMap(({ text, copied }) => copied?.(content) ?? [text(content)])
    .map((cell) => cell.replaceAll('\u00a0', ' ').replaceAll('\t', ' '))
    .join('\t')
}
