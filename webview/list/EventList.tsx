import * as l10n from '@vscode/l10n'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { hasIndex } from '../state/events/ranges.ts'
import type { Rows } from '../state/events/rows.ts'
import { GRID_ID } from '../state/keyboard.ts'
import type { RowContent } from '../state/list/columns.ts'
import { charactersIn, type ListTable, shownColumns, tracks, widthOf } from '../state/list/widths.ts'
import type { RowWindow } from '../state/list-scroll.ts'
import { type PageState, usePage } from '../state/page.ts'
import { type MarkedPiece, marked } from '../state/preview/marks.ts'
import type { Needles } from '../state/preview/needles.ts'
import { TIME_MODES, timeBaseOf } from '../state/time-column.ts'
import { useResize } from '../ui/hooks.ts'
import { EmptyList } from './EmptyList.tsx'
import { EventRow } from './EventRow.tsx'
import { ListHeader } from './ListHeader.tsx'
import { onDoublePress, onKey, onPress } from './list-input.ts'
import { openRowMenu } from './row-menu.ts'
import { SteadyWindow } from './steady-window.ts'

const HEADER_HEIGHT = 25
/** Milliseconds after which a request without an answer is shown as unanswered. */
const PATIENCE = 1000
/** Pixels to the right of the last column, including the scroll bar. */
const MARGIN = 22

interface Viewport {
  readonly width: number
  readonly height: number
  /** Width of a character. */
  readonly character: number
}

/** The events as a grid. Only the rows in view are in the document. */
export function EventList() {
  const page = usePage()
  const { session, scroll, selection } = page
  const grid = useRef<HTMLDivElement>(null)
  const viewport = useRef<Viewport>({ width: 0, height: 0, character: 7.2 })
  const shown = useShownRows(page)
  useViewport(page, grid, viewport)
  useLayoutEffect(() => {
    const element = grid.current
    if (element === null || !scroll.isOff) return
    // The user may have scrolled since the last scroll event. That has priority.
    readScroll(page, element)
    if (!scroll.isOff) return
    element.scrollTop = scroll.position
    scroll.placed(element.scrollTop)
  })

  const { rows } = session
  const indexes = eventsIn(rows, shown)
  const current = selection.current.value?.index
  const room = viewport.current.width - MARGIN
  const contents = contentsOf(page, shown.from, indexes)
  const table = tableOf(page, room, viewport.current.character)
  const isEarly = contents.some((each) => each?.isEarly)
  useEffect(() => {
    if (!isEarly) return
    const timer = setTimeout(() => session.touch(), PATIENCE)
    return () => clearTimeout(timer)
  })

  return (
    <div class="list">
      <div
        ref={grid}
        id={GRID_ID}
        class={`grid mono heartbeats-${page.layout.current.value.heartbeats}`}
        role="grid"
        tabIndex={0}
        aria-label={l10n.t('Events')}
        aria-multiselectable
        aria-rowcount={rows.end - rows.first + 1}
        aria-colcount={table.all.length}
        aria-activedescendant={
          current !== undefined && indexes.includes(current) ? `event-${current}` : undefined
        }
        style={{ '--columns': tracks(table.columns, table.widths, table.facts) }}
        onScroll={(event) => readScroll(page, event.currentTarget)}
        onScrollEnd={() => {
          scroll.rest()
          session.touch()
        }}
        onWheel={(event) => event.deltaY < 0 && leave(page)}
        onKeyDown={(event) => onKey(page, event)}
        onMouseDown={(event) => onPress(page, event)}
        onDblClick={(event) => onDoublePress(page, event)}
        onContextMenu={(event) => openRowMenu(page, event)}
      >
        <div class="grid-head" role="rowgroup">
          <ListHeader table={table} room={room} />
        </div>
        <div role="none" style={{ height: `${scroll.height}px` }}>
          <div
            class="rows"
            role="rowgroup"
            style={{
              top: `${HEADER_HEIGHT}px`,
              height: `${Math.min(viewport.current.height, scroll.height)}px`,
            }}
          >
            <div role="none" style={{ transform: `translateY(${shown.shift}px)` }}>
              {rowsOf(page, shown.from, contents, table, room)}
            </div>
          </div>
        </div>
      </div>
      <EmptyList />
    </div>
  )
}

/** What the rows of these events show. The first has rank `from`. Undefined for an event that is not held. */
function contentsOf(page: PageState, from: number, indexes: readonly number[]) {
  const { session, selection, previews, layout, measure, looks } = page
  const { rows, columns } = session
  const current = selection.current.value?.index
  const mode = TIME_MODES[layout.current.value.time]
  const names = looks.names.value
  const base = timeBaseOf(session, current)
  const { isMoving } = session
  const now = session.now()
  return indexes.map((index, i): RowContent | undefined => {
    const preview = previews.get(index)
    const row = session.summaryOf(index, preview)
    if (row === undefined) return undefined
    const isUnanswered = preview?.decoded?.unanswered === true
    measure.see(row.type, preview?.latency !== undefined || isUnanswered)
    const before = () => columns.timeOf(rows.eventAt(from + i - 1))
    const connection = names.get(row.connectionId) ?? row.connection
    const isEarly = isUnanswered && isMoving && now - row.time < PATIENCE
    return { row, time: mode.text(row.time, base, before), connection, preview, isEarly }
  })
}

/** The columns of the list as they are shown now. */
function tableOf(page: PageState, room: number, character: number): ListTable {
  const { layout, session, measure, looks } = page
  const { columns: widths, chosen, time } = layout.current.value
  const facts = measure.facts({
    events: session.columns.end,
    names: looks.names.value,
    timeCharacters: TIME_MODES[time].characters(session.viewTime()),
    character,
    room,
  })
  const all = page.columns.value
  const columns = shownColumns(all, room, { widths, chosen, facts })
  return {
    all,
    columns,
    widths,
    facts,
    positions: columns.map(({ id }) => all.findIndex((each) => each.id === id) + 1),
  }
}

/** The rows of events. The first has rank `from`. Elements are reused for other events. */
function rowsOf(
  page: PageState,
  from: number,
  contents: readonly (RowContent | undefined)[],
  { columns, positions, facts, widths }: ListTable,
  room: number,
) {
  const { session, selection, previewCache, wishes, looks } = page
  const ranges = selection.ranges.value
  const current = selection.current.value?.index
  const needles = wishes.needles.value
  const others = columns.reduce((sum, each) => sum + (each.fills ? 0 : widthOf(each, widths, facts)), 0)
  const characters = Math.floor((room - others) / facts.character) - 1
  const typeRoom = charactersIn('type', columns, widths, facts)
  return contents.map((content, i) => {
    if (content === undefined) return null
    const { row, preview } = content
    const rank = from + i
    return (
      <EventRow
        key={rank % contents.length}
        {...content}
        rowIndex={rank - session.rows.first + 2}
        columns={columns}
        positions={positions}
        color={looks.colorOf(row.connectionId)}
        pieces={preview === undefined ? NO_PIECES : previewCache.piecesOf(preview, needles, characters)}
        typePieces={typePieces(row.type, needles)}
        isTypeCut={row.type.length > typeRoom}
        expectations={session.expectations.value.filter(({ event }) => event === row.index)}
        isSelected={hasIndex(ranges, row.index)}
        isCurrent={row.index === current}
      />
    )
  })
}

const NO_PIECES: readonly MarkedPiece[] = []

/** The type, marked if the filter finds it there. */
function typePieces(type: string, needles: Needles): readonly MarkedPiece[] {
  const pieces = [{ role: 'text', text: type }] as const
  return marked(pieces, needles, Number.POSITIVE_INFINITY)
}

/** The rows to paint in this frame. */
function useShownRows({ session, scroll, previews, selection }: PageState): RowWindow {
  void session.frame.value
  const { rows } = session
  const steady = useRef(new SteadyWindow())
  const lastRows = useRef(rows)
  const anchor = useRef<number>(undefined)

  if (lastRows.current !== rows && !scroll.following)
    anchor.current ??= selection.index ?? lastRows.current.eventAt(Math.floor(scroll.top))
  scroll.update(rows.first, rows.end)
  if (anchor.current !== undefined) {
    const rank = rows.rankOf(anchor.current)
    scroll.restart(selection.index === anchor.current ? rank - scroll.page / 2 : rank)
    if (session.isFiltered) anchor.current = undefined
  }

  const window = steady.current.advance(
    { rows, window: scroll.window, isFollowing: scroll.following, now: performance.now() },
    (event) => previews.get(event) !== undefined,
  )
  if (steady.current.isWaiting) session.touch()
  previews.want(eventsIn(rows, steady.current.wanted ?? window))
  lastRows.current = rows
  // Ranges contain events: with other rows, they would include events that the user has not seen.
  useEffect(() => selection.narrow(), [selection, rows])
  return window
}

function eventsIn(rows: Rows, { from, to }: RowWindow): number[] {
  return Array.from({ length: to - from }, (_, i) => rows.eventAt(from + i))
}

function useViewport(
  page: PageState,
  grid: { current: HTMLDivElement | null },
  viewport: { current: Viewport },
): void {
  useResize(grid, (element) => {
    viewport.current = {
      width: element.clientWidth,
      height: Math.max(0, element.clientHeight - HEADER_HEIGHT),
      character: characterWidth(element),
    }
    const rank = selectedRank(page)
    const wasInView = rank !== undefined && page.scroll.isInView(rank)
    page.scroll.resize(viewport.current.height)
    if (wasInView && !page.scroll.following) page.scroll.reveal(rank)
    page.session.touch()
  })
}

/** Pixels of a character in the font of the list. */
function characterWidth(element: HTMLElement): number {
  const canvas = document.createElement('canvas').getContext('2d')
  if (canvas === null) return 7.2
  const { fontSize, fontFamily } = getComputedStyle(element)
  canvas.font = `${fontSize} ${fontFamily}`
  return canvas.measureText('0').width
}

function readScroll(
  { scroll, session }: PageState,
  { scrollTop, scrollHeight, clientHeight }: HTMLElement,
): void {
  if (scroll.scrolled(scrollTop, scrollHeight - clientHeight)) session.touch()
}

function selectedRank({ session, selection }: PageState): number | undefined {
  const index = selection.index
  return index === undefined ? undefined : session.rows.rankOf(index)
}

function leave({ scroll, session }: PageState): void {
  if (scroll.position <= 0) return
  scroll.leave()
  session.touch()
}
