/** What keys and the mouse do in the list. */
import type { Panel } from '../panel.ts'
import { copyRows } from './copy.ts'
import { rankForKey } from './keys.ts'

export const GRID_ID = 'events'
export const DETAIL_ID = 'event-detail'

/** A press in the list: selects the row; with Shift up to it, with Ctrl or Cmd it too. */
export function onPress(panel: Panel, event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target.closest('[data-event]') : null
  if (event.button !== 0 || !(target instanceof HTMLElement)) return
  const index = Number(target.dataset.event)
  const { selection } = panel
  if (event.shiftKey || event.ctrlKey || event.metaKey) {
    // Or the browser would mark the text in between.
    event.preventDefault()
    target.closest<HTMLElement>('[role=grid]')?.focus({ preventScroll: true })
    panel.hold(() => (event.shiftKey ? selection.extendTo(index) : selection.toggle(index)))
  } else panel.select(index)
}

/** A key in the list. */
export function onKey(panel: Panel, event: KeyboardEvent): void {
  const isCommand = (event.ctrlKey || event.metaKey) && event.key !== 'Home' && event.key !== 'End'
  const isDone = isCommand ? onCommand(panel, event) : onMovement(panel, event)
  if (isDone) event.preventDefault()
}

function onCommand(panel: Panel, event: KeyboardEvent): boolean {
  const { session, selection } = panel
  const { rows } = session
  if (event.altKey) return false
  switch (event.key.toLowerCase()) {
    case 'c':
      // Text the user has marked is copied by the browser.
      if (selection.index === undefined || document.getSelection()?.isCollapsed === false) return false
      void copyRows(panel)
      return true
    case 'a':
      if (rows.end > rows.first)
        panel.hold(() => selection.selectBetween(rows.eventAt(rows.first), rows.eventAt(rows.end - 1)))
      return true
    default:
      return false
  }
}

function onMovement(panel: Panel, event: KeyboardEvent): boolean {
  const { session, scroll, selection } = panel
  const { rows } = session
  if (event.altKey || rows.end === rows.first) return false
  switch (event.key) {
    case 'End':
      if (event.shiftKey) return moveTo(panel, rows.end - 1, true)
      panel.goLive()
      // Keys go on from there.
      selection.select(panel.session.rows.eventAt(rows.end - 1))
      return true
    case 'Enter':
      document.getElementById(DETAIL_ID)?.focus()
      return true
    case 'Escape':
      selection.clear()
      session.touch()
      return true
    default: {
      const index = selection.index
      const at = index === undefined ? -1 : rows.rankOf(index)
      const rank = rankForKey(event.key, at, scroll.page, rows, scroll.top)
      return rank !== undefined && moveTo(panel, rank, event.shiftKey)
    }
  }
}

function moveTo(panel: Panel, rank: number, extend: boolean): boolean {
  const { session, scroll, selection } = panel
  const index = session.rows.eventAt(rank)
  if (extend) panel.hold(() => selection.extendTo(index))
  else panel.select(index)
  scroll.reveal(rank)
  return true
}
