/** Keys and mouse in the list. */
import { DETAIL_ID } from '../state/keyboard.ts'
import type { PageState } from '../state/page.ts'
import { copyRows } from './copy-rows.ts'
import { rankForKey } from './movement-keys.ts'

/** A press in the list selects the row. With Shift it selects up to the row, with Ctrl or Cmd the row in addition. */
export function onPress(page: PageState, event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target.closest('[data-event]') : null
  if (event.button !== 0 || !(target instanceof HTMLElement)) return
  const index = Number(target.dataset.event)
  const { selection } = page
  if (event.shiftKey || event.ctrlKey || event.metaKey) {
    // Otherwise the browser would select the text in between.
    event.preventDefault()
    target.closest<HTMLElement>('[role=grid]')?.focus({ preventScroll: true })
    page.hold(() => (event.shiftKey ? selection.extendTo(index) : selection.toggle(index)))
  } else {
    page.select(index)
    page.showDetails(true)
  }
}

/** A double press in the list moves to the details. */
export function onDoublePress(page: PageState, event: MouseEvent): void {
  const isRow = event.target instanceof Element && event.target.closest('[data-event]') !== null
  if (isRow && !event.shiftKey && !event.ctrlKey && !event.metaKey) enterDetails(page)
}

function enterDetails(page: PageState): void {
  page.showDetails(true)
  requestAnimationFrame(() => document.getElementById(DETAIL_ID)?.focus())
}

/** A key in the list. */
export function onKey(page: PageState, event: KeyboardEvent): void {
  const isCommand = (event.ctrlKey || event.metaKey) && event.key !== 'Home' && event.key !== 'End'
  const isDone = isCommand ? onCommand(page, event) : onMovement(page, event)
  if (isDone) event.preventDefault()
}

function onCommand(page: PageState, event: KeyboardEvent): boolean {
  const { session, selection } = page
  const { rows } = session
  if (event.altKey) return false
  switch (event.key.toLowerCase()) {
    case 'c':
      // The browser copies text that the user has selected.
      if (selection.index === undefined || document.getSelection()?.isCollapsed === false) return false
      void copyRows(page)
      return true
    case 'a':
      if (rows.end > rows.first)
        page.hold(() => selection.selectBetween(rows.eventAt(rows.first), rows.eventAt(rows.end - 1)))
      return true
    default:
      return false
  }
}

function onMovement(page: PageState, event: KeyboardEvent): boolean {
  const { session, scroll, selection } = page
  const { rows } = session
  if (event.altKey || rows.end === rows.first) return false
  switch (event.key) {
    case 'End':
      if (event.shiftKey) return moveTo(page, rows.end - 1, true)
      page.goLive()
      // Keys continue from there.
      selection.select(page.session.rows.eventAt(rows.end - 1))
      return true
    case 'Enter':
      if (selection.index === undefined) return false
      enterDetails(page)
      return true
    case 'Escape':
      if (selection.index !== undefined && page.layout.current.value.details) page.showDetails(false)
      else selection.clear()
      session.touch()
      return true
    default: {
      const index = selection.index
      const at = index === undefined ? -1 : rows.rankOf(index)
      const rank = rankForKey(event.key, at, scroll.page, rows, scroll.top)
      return rank !== undefined && moveTo(page, rank, event.shiftKey)
    }
  }
}

function moveTo(page: PageState, rank: number, extend: boolean): boolean {
  const { session, scroll, selection } = page
  const index = session.rows.eventAt(rank)
  if (extend) page.hold(() => selection.extendTo(index))
  else page.select(index)
  scroll.reveal(rank)
  return true
}
