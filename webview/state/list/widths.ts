/** Which columns fit into the list, and how wide they are: as wide as their content, unless the user has set a width. */
import { COLUMNS, type Column, type ColumnId, STRIPE } from './columns.ts'
import type { ListFacts } from './facts.ts'

/** Widths that the user has set, in pixels. */
export type Widths = Readonly<Partial<Record<ColumnId, number>>>

/** Whether the user has chosen to show or to hide a column. */
export type Chosen = Readonly<Partial<Record<ColumnId, boolean>>>

/** The columns that the list can show, those that it shows, and how. */
export interface ListTable {
  readonly all: readonly Column[]
  readonly columns: readonly Column[]
  /** Positions of `columns` among all, counted from 1. */
  readonly positions: readonly number[]
  readonly widths: Widths
  readonly facts: ListFacts
}

/** Pixels a column has at most. */
export const MOST = 600
/** Pixels below which the list has only what cannot be read from timeline and details. */
export const NARROW = 640
/** Pixels between two columns. */
const PADDING = 10
/** Share of the list that the preview has at least, before other columns leave. */
const PREVIEW_SHARE = 0.3

/** The column's width in pixels, as set or as wide as its content. */
export function widthOf(column: Column, widths: Widths, facts: ListFacts): number {
  const set = column.isStripe ? undefined : widths[column.id]
  if (set !== undefined) return set
  const characters = Math.max(column.characters(facts), column.name.length)
  const usual = Math.ceil(characters * facts.character) + PADDING + (column.besides ?? 0)
  return Math.max(column.least, usual)
}

/** Characters that fit into the cells of a column. */
export function charactersIn(
  id: ColumnId,
  columns: readonly Column[],
  widths: Widths,
  facts: ListFacts,
): number {
  const column = columns.find((each) => each.id === id)
  if (column === undefined) return 0
  return Math.floor((widthOf(column, widths, facts) - PADDING - (column.besides ?? 0)) / facts.character)
}

/** Pixels that a column needs. */
function roomOf(column: Column, room: number, widths: Widths, facts: ListFacts): number {
  return column.fills ? Math.max(column.least, room * PREVIEW_SHARE) : widthOf(column, widths, facts)
}

/** The closest width within the column's bounds, in whole pixels. */
function clampWidth({ least }: { readonly least: number }, width: number): number {
  return Math.round(Math.min(MOST, Math.max(least, width)))
}

/** The width that a column gets if the user asks for `to`: within its bounds, and so that no other column is hidden. */
export function resized(
  column: Column,
  to: number,
  shown: readonly Column[],
  room: number,
  { widths, facts }: { readonly widths: Widths; readonly facts: ListFacts },
): number {
  const others = shown.reduce(
    (sum, each) => sum + (each === column ? 0 : roomOf(each, room, widths, facts)),
    0,
  )
  // If the column does not fit as it is, it can only become narrower.
  const most = Math.max(Math.floor(room - others), widthOf(column, widths, facts))
  return clampWidth(column, Math.min(to, most))
}

/** Whether a column is to be shown if there is room. */
export function isWanted(column: Column, chosen: Chosen, facts: ListFacts): boolean {
  if (column.stays) return true
  return chosen[column.id] ?? column.isUsual?.(facts) ?? true
}

/** The columns that fit into `room` pixels, in their order. */
export function shownColumns(
  all: readonly Column[],
  room: number,
  { widths, chosen, facts }: { readonly widths: Widths; readonly chosen: Chosen; readonly facts: ListFacts },
): readonly Column[] {
  const isNarrow = room < NARROW
  let shown = all.filter(
    (each) => isWanted(each, chosen, facts) && !(isNarrow && each.isForWide && chosen[each.id] !== true),
  )
  const isTight = () => shown.reduce((sum, each) => sum + roomOf(each, room, widths, facts), 0) > room
  const shrink = () => {
    shown = shown.map((each) => (each.id === 'connection' ? STRIPE : each))
  }
  if (isNarrow) shrink()
  for (const column of leavingFirst(shown)) {
    if (!isTight()) break
    // The name of the connection is the next to go after the columns that repeat what the details say.
    if ((column.hidesAs ?? 0) > SHRINKS_AS) shrink()
    if (isTight()) shown = shown.filter((each) => each !== column)
  }
  if (isTight()) shrink()
  return shown
}

const SHRINKS_AS = 3

function leavingFirst(shown: readonly Column[]): readonly Column[] {
  return shown
    .filter(({ hidesAs }) => hidesAs !== undefined)
    .sort((a, b) => (a.hidesAs ?? 0) - (b.hidesAs ?? 0))
}

/** The value of `grid-template-columns`. */
export function tracks(columns: readonly Column[], widths: Widths, facts: ListFacts): string {
  return columns
    .map((each) => (each.fills ? 'minmax(0, 1fr)' : `${widthOf(each, widths, facts)}px`))
    .join(' ')
}

/** Columns of values at most. */
export const MOST_PATHS = 8
const MOST_PATH_LENGTH = 200

/** Whether a column of values can have this path. */
function isColumnPath(path: unknown): path is `$${string}` {
  return typeof path === 'string' && path.startsWith('$') && path.length <= MOST_PATH_LENGTH
}

/** The valid paths among those kept earlier. */
export function parsePaths(value: unknown): readonly string[] {
  return Array.isArray(value) ? [...new Set(value.filter(isColumnPath))].slice(0, MOST_PATHS) : []
}

/** The valid widths among those kept earlier. */
export function parseWidths(value: unknown): Widths {
  return parseEach(value, (width, column) => {
    const isValid = column.resizable && typeof width === 'number' && Number.isFinite(width)
    return isValid ? clampWidth(column, width) : undefined
  })
}

/** The valid choices among those kept earlier. */
export function parseChosen(value: unknown): Chosen {
  return parseEach(value, (choice) => (typeof choice === 'boolean' ? choice : undefined))
}

const VALUES = { least: 44, resizable: true } as const

function parseEach<T>(
  value: unknown,
  parse: (value: unknown, column: { readonly least: number; readonly resizable: boolean }) => T | undefined,
): Readonly<Partial<Record<ColumnId, T>>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([id, each]: [string, unknown]) => {
      const column = COLUMNS.find((known) => known.id === id) ?? (isColumnPath(id) ? VALUES : undefined)
      const parsed = column && parse(each, column)
      return parsed === undefined ? [] : [[id, parsed]]
    }),
  )
}
