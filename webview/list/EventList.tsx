import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { summarizeEvent, timeOf } from '../state/events/event-summary.ts'
import { hasIndex } from '../state/events/ranges.ts'
import type { Rows } from '../state/events/rows.ts'
import { GRID_ID } from '../state/keyboard.ts'
import { COLUMNS, type Column, shownColumns, tracks } from '../state/list-columns.ts'
import type { RowWindow } from '../state/list-scroll.ts'
import { type PageState, usePage } from '../state/page.ts'
import { TIME_MODES, type TimeBase } from '../state/time-column.ts'
import { EmptyList } from './EmptyList.tsx'
import { EventRow } from './EventRow.tsx'
import { ListHeader } from './ListHeader.tsx'
import { onKey, onPress } from './list-input.ts'
import { SteadyWindow } from './steady-window.ts'

const HEADER_HEIGHT = 25
/** Pixels to the right of the last column, including the scroll bar. */
const MARGIN = 22

/** The events as a grid. Only the rows in view are in the document. */
export function EventList() {
  const page = usePage()
  const { session, scroll, selection, layout } = page
  const grid = useRef<HTMLDivElement>(null)
  const viewport = useRef({ width: 0, height: 0 })
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
  const { columns: widths } = layout.current.value
  const room = viewport.current.width - MARGIN
  const columns = shownColumns(room, widths)
  const indexes = eventsIn(rows, shown)
  const current = selection.current.value?.index

  return (
    <div class="list">
      <div
        ref={grid}
        id={GRID_ID}
        class="grid mono"
        role="grid"
        tabIndex={0}
        aria-label="Events"
        aria-multiselectable
        aria-rowcount={rows.end - rows.first + 1}
        aria-colcount={COLUMNS.length}
        aria-activedescendant={
          current !== undefined && indexes.includes(current) ? `event-${current}` : undefined
        }
        style={{ '--columns': tracks(columns, widths) }}
        onScroll={(event) => readScroll(page, event.currentTarget)}
        onScrollEnd={() => {
          scroll.rest()
          session.touch()
        }}
        onWheel={(event) => event.deltaY < 0 && leave(page)}
        onKeyDown={(event) => onKey(page, event)}
        onMouseDown={(event) => onPress(page, event)}
      >
        <div class="grid-head" role="rowgroup">
          <ListHeader columns={columns} widths={widths} room={room} />
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
              {rowsOf(page, shown.from, indexes, columns)}
            </div>
          </div>
        </div>
      </div>
      <EmptyList />
    </div>
  )
}

/** The rows of these events; the first has rank `from`. Elements are reused for other events. */
function rowsOf(page: PageState, from: number, indexes: readonly number[], shown: readonly Column[]) {
  const { session, selection, previews, layout } = page
  const { rows, columns, eventNames } = session
  const ranges = selection.ranges.value
  const current = selection.current.value?.index
  const mode = TIME_MODES[layout.current.value.time]
  const status = session.status.value
  const base: TimeBase = {
    startedAt: status?.startedAt,
    selected: current === undefined ? undefined : timeOf(columns, current),
  }
  return indexes.map((index, i) => {
    const preview = previews.get(index)
    const row = summarizeEvent(columns, eventNames, status, index, preview)
    const rank = from + i
    if (row === undefined) return null
    const before = () => timeOf(columns, rows.eventAt(rank - 1))
    return (
      <EventRow
        key={rank % indexes.length}
        row={row}
        rowIndex={rank - rows.first + 2}
        time={mode.text(row.time, base, before)}
        preview={preview?.text}
        columns={shown}
        isSelected={hasIndex(ranges, index)}
        isCurrent={index === current}
      />
    )
  })
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
  viewport: { current: { readonly width: number; readonly height: number } },
): void {
  useEffect(() => {
    const element = grid.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      viewport.current = {
        width: element.clientWidth,
        height: Math.max(0, element.clientHeight - HEADER_HEIGHT),
      }
      const rank = selectedRank(page)
      const wasInView = rank !== undefined && page.scroll.isInView(rank)
      page.scroll.resize(viewport.current.height)
      if (wasInView && !page.scroll.following) page.scroll.reveal(rank)
      page.session.touch()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [page, grid, viewport])
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
