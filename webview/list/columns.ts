/** The list's columns: how wide they are, and which of them are shown where room is scarce. */

export const COLUMN_IDS = ['number', 'time', 'delta', 'direction', 'type', 'size', 'preview'] as const
export type ColumnId = (typeof COLUMN_IDS)[number]

/** Widths the user has set, in pixels; the preview takes what is left. */
export type Widths = Readonly<Partial<Record<ColumnId, number>>>

export interface Column {
  readonly id: ColumnId
  /** Empty where the header has no room for it. */
  readonly name: string
  readonly hint: string
  readonly least: number
  readonly usual: number
  readonly resizable: boolean
}

/** Pixels a column has at most. */
export const MOST = 600

export const COLUMNS: readonly Column[] = [
  column('number', '#', 'Number of the event in the session', 34, 78),
  column('time', 'Time', 'When the event happened', 60, 98),
  column('delta', 'Δ ms', 'Milliseconds since the previous event of the same connection', 44, 76),
  {
    ...column('direction', '', 'Direction: ↓ received, ↑ sent, · about the connection itself', 28, 28),
    resizable: false,
  },
  column('type', 'Type', 'Kind of the event, or what its payload calls itself', 44, 120),
  column('size', 'Size', 'Payload bytes; the bar is logarithmic. Answers show their status', 54, 114),
  { ...column('preview', 'Preview', 'Beginning of the payload', 130, 130), resizable: false },
]

function column(id: ColumnId, name: string, hint: string, least: number, usual: number): Column {
  return { id, name, hint, least, usual, resizable: true }
}

/** Hidden in this order until the preview has its least width: what the timeline and the details tell as well goes first. */
const HIDDEN_FIRST: readonly ColumnId[] = ['delta', 'number', 'size', 'time']

/** The column's width in pixels, as set or as usual. */
export function widthOf(column: Column, widths: Widths): number {
  return widths[column.id] ?? column.usual
}

/** The width as near as the column's bounds let it be, in whole pixels. */
function clampWidth(column: Column, width: number): number {
  return Math.round(Math.min(MOST, Math.max(column.least, width)))
}

/** The width that a column gets where `to` is wished: within its bounds, and not so wide that others would have to go. */
export function resized(
  column: Column,
  to: number,
  shown: readonly Column[],
  room: number,
  widths: Widths,
): number {
  const others = shown.reduce((sum, each) => sum + (each === column ? 0 : widthOf(each, widths)), 0)
  // Where there is no room for it as it is, it can only be made narrower.
  const most = Math.max(room - others, widthOf(column, widths))
  return clampWidth(column, Math.min(to, most))
}

/** The columns that fit into `room` pixels, in their order. */
export function shownColumns(room: number, widths: Widths): readonly Column[] {
  const shown = new Set(COLUMNS)
  const needed = () => [...shown].reduce((sum, each) => sum + widthOf(each, widths), 0)
  for (const id of HIDDEN_FIRST) {
    if (needed() <= room) break
    for (const each of shown) if (each.id === id) shown.delete(each)
  }
  return [...shown]
}

/** The value of `grid-template-columns`. */
export function tracks(columns: readonly Column[], widths: Widths): string {
  return columns
    .map((each) => (each.id === 'preview' ? 'minmax(0, 1fr)' : `${widthOf(each, widths)}px`))
    .join(' ')
}

/** Widths kept earlier; what is not sound is left out. */
export function parseWidths(value: unknown): Widths {
  if (typeof value !== 'object' || value === null) return {}
  const kept = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    COLUMNS.flatMap((each) => {
      const width = Object.hasOwn(kept, each.id) ? kept[each.id] : undefined
      const sound = each.resizable && typeof width === 'number' && Number.isFinite(width)
      return sound ? [[each.id, clampWidth(each, width)]] : []
    }),
  )
}
