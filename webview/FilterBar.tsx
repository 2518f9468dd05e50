import { connectionName } from './format/connection.ts'
import { formatCount } from './format/count.ts'
import { Icon, IconButton } from './Icon.tsx'
import { LiveButton } from './list/LiveButton.tsx'
import { usePanel } from './panel.ts'
import { GROUPS, type Group, toggleGroup } from './store/filter.ts'

const GROUP_NAMES: Readonly<Record<Group, string>> = {
  in: 'In',
  out: 'Out',
  lifecycle: 'Lifecycle',
  control: 'Ping/Pong',
}

/** Narrows the list, says how much of it is shown, and leads back to the newest row. */
export function FilterBar() {
  const { session } = usePanel()
  const filter = session.filter.value
  return (
    <div class="bar filter-bar" role="toolbar" aria-label="Filter">
      {GROUPS.map((group) => (
        <button
          type="button"
          class="chip toggle"
          key={group}
          aria-pressed={!filter.hidden.has(group)}
          onClick={() => session.setFilter(toggleGroup(filter, group))}
        >
          {GROUP_NAMES[group]}
        </button>
      ))}
      <ConnectionFilter />
      <Shown />
      <span class="spacer" />
      <LiveButton />
    </div>
  )
}

function ConnectionFilter() {
  const { session } = usePanel()
  const filter = session.filter.value
  const connection = session.status.value?.connections.find(({ id }) => id === filter.connection)
  if (connection === undefined) return null
  return (
    <span class="chip on">
      <Icon name="filter" />
      <span class="clip">{connectionName(connection)}</span>
      <IconButton
        icon="close"
        name="Show all connections"
        onClick={() => session.setFilter({ ...filter, connection: undefined })}
      />
    </span>
  )
}

/** `1 204 of 48 233 events` */
function Shown() {
  const { session } = usePanel()
  void session.frame.value
  const all = session.columns.end - session.columns.first
  const shown = session.rows.end - session.rows.first
  return (
    <span class="dim mono clip">
      {shown === all ? formatCount(all) : `${formatCount(shown)} of ${formatCount(all)}`} events
    </span>
  )
}
