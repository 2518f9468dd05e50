import { formatCount } from '../format/count.ts'
import { selectedPart } from '../state/bindings.ts'
import { GRID_ID } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { NO_FILTER } from '../state/scope.ts'

/** What the list says where all events there are have been narrowed away, and the way back to them. */
export function NothingShown() {
  const { session, search, timeline, isSearching } = usePage()
  void session.frame.value
  const { rows, columns, isFiltered } = session
  const all = columns.end - columns.first
  if (rows.end > rows.first || all === 0 || isSearching || !isFiltered) return null
  if (selectedPart(session, search) === undefined) return null
  const showAll = () => {
    search.apply('')
    session.setFilter(NO_FILTER)
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
