import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import { can } from '../state/can.ts'
import { usePage } from '../state/page.ts'
import { GROUPS, type Group, toggleGroup } from '../state/scope.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { FilterInput } from './FilterInput.tsx'
import { HeartbeatsButton } from './HeartbeatsButton.tsx'
import { kindItems } from './kind-items.ts'
import { LiveButton } from './LiveButton.tsx'
import { SavedFilters } from './SavedFilters.tsx'
import { rangeText } from './statistics-text.ts'

/** The groups that have a switch. The other one is that of heartbeats. */
const SWITCHES = [
  ['in', l10n.t('In')],
  ['out', l10n.t('Out')],
  ['lifecycle', l10n.t('Lifecycle')],
] as const satisfies readonly (readonly [Group, string])[]

/** The controls that narrow the list, and the button to the newest row. */
export function FilterBar() {
  const page = usePage()
  const { session } = page
  const scope = session.scope.value
  return (
    <div class="bar filter-bar" role="group" aria-label={l10n.t('Filter and search')}>
      <div class="filter-find">
        <FilterInput />
        {can(page, 'saveFilter') && <SavedFilters />}
      </div>
      <div class="filter-groups">
        <KindsButton />
        {SWITCHES.map(([group, name]) => (
          <Chip
            class="toggle kind"
            key={group}
            aria-pressed={!scope.hidden.has(group)}
            onClick={() => session.setScope(toggleGroup(scope, group))}
          >
            {name}
          </Chip>
        ))}
        <HeartbeatsButton />
        <ConnectionFilter />
        <RangeFilter />
        <LiveButton />
      </div>
    </div>
  )
}

/** In a narrow page, one button for the switches. */
function KindsButton() {
  const page = usePage()
  const { session } = page
  const { hidden } = session.scope.value
  const name = l10n.t('Kinds')
  const items = () => kindItems(page, SWITCHES)
  return (
    <button
      type="button"
      class={`chip kinds${hidden.size > 0 ? ' on' : ''}`}
      aria-haspopup="menu"
      onClick={({ currentTarget }) => {
        const { left, bottom } = currentTarget.getBoundingClientRect()
        page.menu.value = { name, x: left, y: bottom + 2, items }
      }}
    >
      {hidden.size === 0 ? name : l10n.t('{0} of {1} kinds', GROUPS.length - hidden.size, GROUPS.length)}
      <Icon name="chevron-down" />
    </button>
  )
}

function ConnectionFilter() {
  const { session, looks } = usePage()
  const scope = session.scope.value
  const connection = session.connection(scope.connection)
  if (connection === undefined) return null
  const showAll = () => session.setScope({ ...scope, connection: undefined })
  return (
    <ActiveFilter icon="filter" clearName={l10n.t('Show all connections')} onClear={showAll}>
      <span class="clip">{looks.longNameOf(connection)}</span>
    </ActiveFilter>
  )
}

function RangeFilter() {
  const { timeline } = usePage()
  const range = timeline.range.value
  if (range === undefined) return null
  const showAll = () => {
    timeline.range.value = undefined
  }
  return (
    <ActiveFilter icon="arrow-both" clearName={l10n.t('Show all times')} onClear={showAll}>
      <span class="mono range-chip">{rangeText(range)}</span>
    </ActiveFilter>
  )
}

interface ActiveFilterProps {
  readonly icon: string
  readonly clearName: string
  readonly onClear: () => void
  readonly children: ComponentChildren
}

function ActiveFilter({ icon, clearName, onClear, children }: ActiveFilterProps) {
  return (
    <span class="chip on">
      <Icon name={icon} />
      {children}
      <IconButton icon="close" name={clearName} onClick={onClear} />
    </span>
  )
}
