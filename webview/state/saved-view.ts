/** What a panel keeps when it is closed and opened again: filter, selection and layout. */
import { effect, untracked } from '@preact/signals'
import { GROUPS, type Group } from '../../src/shared/groups.ts'
import { MAX_FILTER } from '../../src/shared/protocol/filtering.ts'
import type { ExchangeStore } from './exchanges.ts'
import type { FilterStore } from './filter.ts'
import { type LayoutStore, parseLayout } from './layout.ts'
import type { Selection } from './selection.ts'
import type { SessionStore } from './session.ts'

interface SavedParts {
  readonly session: SessionStore
  readonly filter: FilterStore
  readonly selection: Selection
  readonly layout: LayoutStore
  readonly exchanges: ExchangeStore
  /** Selects an event and brings it into view. */
  reveal(index: number): void
}

/** Gives the view to the host as JSON whenever it changes. */
export function saveView(parts: SavedParts, tell: (state: string) => void): void {
  let last: string | undefined
  effect(() => {
    const { connection, hidden } = parts.session.scope.value
    const state = JSON.stringify({
      layout: parts.layout.current.value,
      filter: parts.filter.text.value,
      hidden: [...hidden],
      // Event and connection numbers are valid only in this session.
      session: parts.session.status.value?.startedAt,
      connection,
      foldedLanes: [...parts.exchanges.folded.value],
      selected: parts.selection.current.value?.index,
    })
    if (state === last) return
    last = state
    untracked(() => tell(state))
  })
}

/** Restores a view. Ignores invalid parts. */
export function restoreView(parts: SavedParts, state: string): void {
  const { layout, filter: text, hidden, session, connection, foldedLanes, selected } = parse(state)
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
  if (isSame) parts.exchanges.restore(foldedLanes)
  if (isSame && typeof selected === 'number') revealOnceHeld(parts, selected)
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

/** A page that has just loaded may not have the event yet. */
function revealOnceHeld(parts: SavedParts, index: number): void {
  const stop = effect(() => {
    void parts.session.frame.value
    if (parts.session.columns.at(index) === undefined) return
    untracked(() => {
      if (parts.selection.index === undefined) parts.reveal(index)
      queueMicrotask(() => stop())
    })
  })
}
