/**
 * What a panel keeps when it is closed and opened again, or moved to another window: view, filter, selection, place in
 * the list, and layout.
 */
import { effect, type Signal, untracked } from '@preact/signals'
import { GROUPS, type Group } from '../../src/shared/groups.ts'
import { MAX_FILTER } from '../../src/shared/protocol/filtering.ts'
import type { ExchangeStore } from './exchanges.ts'
import type { FilterStore } from './filter.ts'
import { type LayoutStore, parseLayout } from './layout.ts'
import type { ListScroll } from './list-scroll.ts'
import type { Selection } from './selection.ts'
import type { SessionStore } from './session.ts'
import { VIEW_IDS, type ViewId } from './views.ts'

interface SavedParts {
  readonly session: SessionStore
  readonly filter: FilterStore
  readonly selection: Selection
  readonly layout: LayoutStore
  readonly exchanges: ExchangeStore
  readonly scroll: ListScroll
  readonly view: Signal<ViewId>
  /** Selects an event and brings it into view. */
  reveal(index: number): void
}

/** Gives the view to the host as JSON whenever it changes. */
export function saveView(parts: SavedParts, tell: (state: string) => void): void {
  let last: string | undefined
  effect(() => {
    const { connection, hidden } = parts.session.scope.value
    // The place in the list changes with frames.
    void parts.session.frame.value
    const state = JSON.stringify({
      view: parts.view.value,
      layout: parts.layout.current.value,
      filter: parts.filter.text.value,
      hidden: [...hidden],
      // Event and connection numbers are valid only in this session.
      session: parts.session.status.value?.startedAt,
      connection,
      foldedLanes: [...parts.exchanges.folded.value],
      selected: parts.selection.current.value?.index,
      top: topEvent(parts),
    })
    if (state === last) return
    last = state
    untracked(() => tell(state))
  })
}

/** Restores a view. Ignores invalid parts. */
export function restoreView(parts: SavedParts, state: string): void {
  const saved = parse(state)
  const { view, layout, filter: text, hidden, session, connection, foldedLanes, selected, top } = saved
  parts.layout.change(parseLayout(layout))
  const isSame = session === parts.session.status.value?.startedAt
  parts.session.setScope({
    ...parts.session.scope.value,
    hidden: new Set([
      ...(Array.isArray(hidden) ? hidden.filter(isGroup) : []),
      ...(parts.layout.current.value.heartbeats === 'hidden' ? (['control'] as const) : []),
    ]),
    connection: isSame && typeof connection === 'number' ? connection : undefined,
  })
  if (typeof text === 'string' && text.length <= MAX_FILTER) parts.filter.apply(text)
  if (!isSame) return
  parts.exchanges.restore(foldedLanes)
  parts.view.value = VIEW_IDS.find((known) => known === view) ?? parts.view.value
  const isSelected = typeof selected === 'number'
  const isPlaced = typeof top === 'number'
  if (!isSelected && !isPlaced) return
  onceHeld(parts, Math.max(isSelected ? selected : 0, isPlaced ? top : 0), () => {
    if (isSelected) parts.reveal(selected)
    if (isPlaced) placeAt(parts, top)
  })
}

/** The event at the upper edge of the list. Undefined if the list follows new events, or is empty. */
function topEvent({ session: { rows }, scroll }: SavedParts): number | undefined {
  const event = scroll.following ? -1 : rows.eventAt(Math.floor(scroll.top))
  return event < 0 ? undefined : event
}

/** Puts an event at the upper edge of the list. If a filter is on, its rows come later, and the list stays with the event. */
function placeAt({ session: { rows }, scroll }: SavedParts, event: number): void {
  scroll.update(rows.first, rows.end)
  scroll.leave()
  scroll.restart(rows.rankOf(event))
}

function parse(state: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(state)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {}
  } catch {
    // Saved by another version, or truncated: ignored.
    return {}
  }
}

/** Whether it is a group that the user hides by itself. */
function isGroup(value: unknown): value is Group {
  return GROUPS.some((group) => group === value && group !== 'control')
}

/** Runs once the page has the event: one that has just loaded may not have it yet. Not if the user is faster. */
function onceHeld(parts: SavedParts, index: number, restore: () => void): void {
  const stop = effect(() => {
    void parts.session.frame.value
    if (parts.session.columns.at(index) === undefined) return
    untracked(() => {
      if (parts.selection.index === undefined) restore()
      queueMicrotask(() => stop())
    })
  })
}
