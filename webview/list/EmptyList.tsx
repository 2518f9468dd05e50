import { formatCount } from '../format/count.ts'
import { shownPart } from '../state/bindings.ts'
import { GRID_ID } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { WHOLE_SESSION } from '../state/scope.ts'

/** Shown if no event matches: says why, and leads back to all events. */
export function EmptyList() {
  const { session, filter, timeline, isFiltering } = usePage()
  void session.frame.value
  const { rows, columns, isFiltered } = session
  const all = columns.end - columns.first
  if (rows.end > rows.first || all === 0 || isFiltering || !isFiltered) return null
  if (shownPart(session, filter) === undefined) return null
  const showAll = () => {
    filter.apply('')
    session.setScope(WHOLE_SESSION)
    timeline.range.value = undefined
    document.getElementById(GRID_ID)?.focus()
  }
  return (
    <p class="nothing-shown dim">
      {`Nothing matches: ${all === 1 ? 'the one event is' : `all ${formatCount(all)} events are`} hidden. `}
      <button type="button" class="link" onClick={showAll}>
        Show all
      </button>
    </p>
  )
}
