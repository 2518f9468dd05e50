import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { type Panel, usePanel } from '../panel.ts'
import type { Rows } from '../store/rows.ts'
import { EventRow } from './EventRow.tsx'
import { rankForKey } from './keys.ts'
import { Pace } from './pace.ts'
import { readRow, rowAsText } from './row.ts'
import type { RowWindow } from './scroll.ts'

export const GRID_ID = 'events'
export const DETAIL_ID = 'event-detail'

const HEADER_HEIGHT = 25
const COLUMNS = [
  { name: '#', hint: 'Number of the event in the session', style: 'right' },
  { name: 'Time', hint: 'Minutes, seconds and milliseconds since the session started', style: '' },
  {
    name: 'Δ ms',
    hint: 'Milliseconds since the previous event of the same connection',
    style: 'right delta',
  },
  { name: '', hint: 'Direction: ↓ received, ↑ sent, · about the connection itself', style: '' },
  { name: 'Type', hint: 'Kind of the event, or what its payload calls itself', style: '' },
  { name: 'Size', hint: 'Payload bytes; the bar is logarithmic. Answers show their status', style: '' },
  { name: 'Preview', hint: 'Beginning of the payload', style: 'preview' },
] as const

/** The events as a grid of which only the rows in view are in the document. */
export function EventList() {
  const panel = usePanel()
  const { session, scroll, selection, previews } = panel
  const grid = useRef<HTMLDivElement>(null)
  const viewport = useRef(0)
  const shown = useShownRows(panel)
  useViewport(panel, grid, viewport)
  useLayoutEffect(() => {
    const element = grid.current
    if (element === null || !scroll.isOff) return
    // The user may have scrolled since the last scroll event: that counts first.
    readScroll(panel, element)
    if (!scroll.isOff) return
    element.scrollTop = scroll.position
    scroll.placed(element.scrollTop)
  })

  const { rows } = session
  const indexes = eventsIn(rows, shown)
  const selected = selection.current.value?.index
  const status = session.status.value

  return (
    <div
      ref={grid}
      id={GRID_ID}
      class="grid mono"
      role="grid"
      tabIndex={0}
      aria-label="Events"
      aria-rowcount={rows.end - rows.first + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={
        selected !== undefined && indexes.includes(selected) ? `event-${selected}` : undefined
      }
      onScroll={(event) => readScroll(panel, event.currentTarget)}
      onScrollEnd={() => {
        scroll.rest()
        session.touch()
      }}
      onWheel={(event) => event.deltaY < 0 && leave(panel)}
      onKeyDown={(event) => onKey(panel, event)}
      onMouseDown={(event) => onPress(panel, event)}
    >
      <div class="grid-head" role="rowgroup">
        <div class="row head" role="row" aria-rowindex={1}>
          {COLUMNS.map(({ name, hint, style }, i) => (
            <span role="columnheader" key={hint} aria-colindex={i + 1} class={`cell ${style}`} title={hint}>
              {name === '' ? <span class="visually-hidden">Direction</span> : name}
            </span>
          ))}
        </div>
      </div>
      <div role="none" style={{ height: `${scroll.height}px` }}>
        <div
          class="rows"
          role="rowgroup"
          style={{ top: `${HEADER_HEIGHT}px`, height: `${Math.min(viewport.current, scroll.height)}px` }}
        >
          <div role="none" style={{ transform: `translateY(${shown.shift}px)` }}>
            {indexes.map((index, i) => {
              const row = readRow(session.columns, session.labels, status, index)
              const rank = shown.from + i
              return (
                row && (
                  <EventRow
                    key={rank % indexes.length}
                    row={row}
                    rowIndex={rank - rows.first + 2}
                    preview={previews.get(index)}
                    isSelected={index === selected}
                  />
                )
              )
            })}
          </div>
        </div>
      </div>
    </div>
  )
}

/** The rows to paint in this frame. */
function useShownRows({ session, scroll, previews, selection }: Panel): RowWindow {
  void session.frame.value
  const { rows } = session
  const pace = useRef(new Pace())
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

  const window = pace.current.advance(
    { rows, window: scroll.window, isFollowing: scroll.following, now: performance.now() },
    (event) => previews.get(event) !== undefined,
  )
  if (pace.current.isWaiting) session.touch()
  previews.want(eventsIn(rows, pace.current.wanted ?? window))
  lastRows.current = rows
  return window
}

function eventsIn(rows: Rows, { from, to }: RowWindow): number[] {
  return Array.from({ length: to - from }, (_, i) => rows.eventAt(from + i))
}

function useViewport(
  panel: Panel,
  grid: { current: HTMLDivElement | null },
  viewport: { current: number },
): void {
  useEffect(() => {
    const element = grid.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      viewport.current = Math.max(0, element.clientHeight - HEADER_HEIGHT)
      const rank = selectedRank(panel)
      const wasInView = rank !== undefined && panel.scroll.isInView(rank)
      panel.scroll.resize(viewport.current)
      if (wasInView && !panel.scroll.following) panel.scroll.reveal(rank)
      panel.session.touch()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [panel, grid, viewport])
}

function readScroll(
  { scroll, session }: Panel,
  { scrollTop, scrollHeight, clientHeight }: HTMLElement,
): void {
  if (scroll.scrolled(scrollTop, scrollHeight - clientHeight)) session.touch()
}

function selectedRank({ session, selection }: Panel): number | undefined {
  const index = selection.index
  return index === undefined ? undefined : session.rows.rankOf(index)
}

function leave({ scroll, session }: Panel): void {
  if (scroll.position <= 0) return
  scroll.leave()
  session.touch()
}

function onPress(panel: Panel, event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target.closest('[data-event]') : null
  if (event.button !== 0 || !(target instanceof HTMLElement)) return
  panel.select(Number(target.dataset.event))
}

function onKey(panel: Panel, event: KeyboardEvent): void {
  const { session, scroll, selection } = panel
  const { rows } = session
  if ((event.ctrlKey || event.metaKey) && event.key === 'c') copySelected(panel, event)
  if (event.altKey || event.metaKey || event.ctrlKey || rows.end === rows.first) return
  switch (event.key) {
    case 'End':
      scroll.follow()
      session.touch()
      break
    case 'Enter':
      document.getElementById(DETAIL_ID)?.focus()
      break
    case 'Escape':
      selection.clear()
      break
    default: {
      const index = selection.index
      const at = index === undefined ? -1 : rows.rankOf(index)
      const rank = rankForKey(event.key, at, scroll.page, rows, scroll.top)
      if (rank === undefined) return
      panel.select(rows.eventAt(rank))
      scroll.reveal(rank)
    }
  }
  event.preventDefault()
}

function copySelected(panel: Panel, event: KeyboardEvent): void {
  const { session, selection, previews } = panel
  const index = selection.index
  // Text the user has marked is copied by the browser.
  if (index === undefined || document.getSelection()?.isCollapsed === false) return
  const row = readRow(session.columns, session.labels, session.status.value, index)
  if (row === undefined) return
  event.preventDefault()
  panel.copy(rowAsText(row, previews.get(index) ?? ''))
}
