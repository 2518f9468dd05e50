import * as l10n from '@vscode/l10n'
import { formatCount } from '../format/count.ts'
import { shownPart } from '../state/bindings.ts'
import { GRID_ID } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { WHOLE_SESSION } from '../state/scope.ts'
import { LinkButton } from '../ui/buttons.tsx'

/** Shown if no event matches: says why, and leads back to all events. */
export function EmptyList() {
  const { session, filter, timeline, layout, isFiltering } = usePage()
  void session.frame.value
  const { rows, columns, isFiltered } = session
  const all = columns.end - columns.first
  if (rows.end > rows.first || all === 0 || isFiltering || !isFiltered) return null
  if (shownPart(session, filter) === undefined) return null
  const showAll = () => {
    if (layout.current.value.heartbeats === 'hidden') layout.change({ heartbeats: 'dimmed' })
    filter.apply('')
    session.setScope(WHOLE_SESSION)
    timeline.range.value = undefined
    document.getElementById(GRID_ID)?.focus()
  }
  return (
    <p class="nothing-shown dim">
      {all === 1
        ? l10n.t('No event matches. The only event is hidden.')
        : l10n.t('No event matches. All {0} events are hidden.', formatCount(all))}{' '}
      <LinkButton onClick={showAll}>{l10n.t('Show all')}</LinkButton>
    </p>
  )
}
