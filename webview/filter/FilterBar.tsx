import { connectionName } from '../format/connection.ts'
import { usePage } from '../state/page.ts'
import { GROUPS, type Group, toggleGroup } from '../state/scope.ts'
import { Icon, IconButton } from '../ui/Icon.tsx'
import { FilterInput } from './FilterInput.tsx'
import { LiveButton } from './LiveButton.tsx'
import { SavedFilters } from './SavedFilters.tsx'
import { rangeText } from './statistics-text.ts'

const GROUP_NAMES: Readonly<Record<Group, string>> = {
  in: 'In',
  out: 'Out',
  lifecycle: 'Lifecycle',
  control: 'Ping/Pong',
}

/** The controls that narrow the list, and the button to the newest row. */
export function FilterBar() {
  const { session } = usePage()
  const scope = session.scope.value
  return (
    <div class="bar filter-bar" role="group" aria-label="Filter and search">
      <div class="filter-find">
        <FilterInput />
        <SavedFilters />
      </div>
      <div class="filter-groups">
        {GROUPS.map((group) => (
          <button
            type="button"
            class="chip toggle"
            key={group}
            aria-pressed={!scope.hidden.has(group)}
            onClick={() => session.setScope(toggleGroup(scope, group))}
          >
            {GROUP_NAMES[group]}
          </button>
        ))}
        <ConnectionFilter />
        <RangeFilter />
        <LiveButton />
      </div>
    </div>
  )
}

function ConnectionFilter() {
  const { session } = usePage()
  const scope = session.scope.value
  const connection = session.status.value?.connections.find(({ id }) => id === scope.connection)
  if (connection === undefined) return null
  return (
    <span class="chip on">
      <Icon name="filter" />
      <span class="clip">{connectionName(connection)}</span>
      <IconButton
        icon="close"
        name="Show all connections"
        onClick={() => session.setScope({ ...scope, connection: undefined })}
      />
    </span>
  )
}

function RangeFilter() {
  const { timeline } = usePage()
  const range = timeline.range.value
  if (range === undefined) return null
  return (
    <span class="chip on range-chip">
      <Icon name="arrow-both" />
      <span class="mono">{rangeText(range)}</span>
      <IconButton
        icon="close"
        name="Show all times"
        onClick={() => {
          timeline.range.value = undefined
        }}
      />
    </span>
  )
}
