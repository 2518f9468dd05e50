import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { laneState } from '../format/connection.ts'
import { formatCount } from '../format/count.ts'
import { SEVERITY_LOOKS, severitiesText, worstOf } from '../format/finding.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'
import { Popover, usePopover } from '../ui/Popover.tsx'
import { contains, NothingFound, SearchField } from '../ui/SearchField.tsx'
import { openConnectionMenu } from './connection-menu.ts'

/** Connections in the list. Others are found by their names and URLs. */
const MOST_LISTED = 100

const NO_FINDINGS = { error: 0, warning: 0, info: 0 }

/** The connections that have no card in the strip, as a list: a press shows only the events of one. */
export function MoreConnections({ connections }: { connections: readonly ConnectionStatus[] }) {
  return (
    <span class="more-connections">
      <span class="dim tabular" aria-hidden="true">
        +{formatCount(connections.length)}
      </span>
      <Popover icon="list-unordered" name={l10n.t('{0} more connections', formatCount(connections.length))}>
        <Listed connections={connections} />
      </Popover>
    </span>
  )
}

/** The connections, or those that the user searches for. */
function Listed({ connections }: { connections: readonly ConnectionStatus[] }) {
  const { looks } = usePage()
  const [query, setQuery] = useState('')
  const isSearched = connections.length > MOST_LISTED
  const found =
    isSearched && query.trim() !== ''
      ? connections.filter(({ id, url }) => contains(query, looks.nameOf(id), url))
      : connections
  const left = found.length - MOST_LISTED
  return (
    <>
      {isSearched && <SearchField name={l10n.t('Search connections')} value={query} onChange={setQuery} />}
      {found.length === 0 && <NothingFound query={query} />}
      <ul class="more-list">
        {found.slice(0, MOST_LISTED).map((connection) => (
          <li key={connection.id}>
            <Entry connection={connection} />
          </li>
        ))}
      </ul>
      {left > 0 && (
        <p class="hint" role="status">
          {l10n.t('and {0} more', formatCount(left))}
        </p>
      )}
    </>
  )
}

function Entry({ connection }: { connection: ConnectionStatus }) {
  const page = usePage()
  const { close } = usePopover()
  const { looks, session } = page
  const { findings = NO_FINDINGS } = connection
  const worst = worstOf(findings)
  const isInTrouble = connection.state === 'failed' || connection.state === 'waiting'
  return (
    <button
      type="button"
      class={`entry connection-${looks.colorOf(connection.id)}`}
      data-entry
      title={connection.url}
      onContextMenu={(event) => openConnectionMenu(page, connection.id, event)}
      onClick={() => {
        close()
        page.toggleConnection(connection.id)
      }}
    >
      <span class="clip">{looks.nameOf(connection.id)}</span>
      {worst !== undefined && worst !== 'info' && (
        <span class={`tone-${SEVERITY_LOOKS[worst].tone} toned`} title={severitiesText(findings)}>
          <Icon name={SEVERITY_LOOKS[worst].icon} />
          <span class="visually-hidden">{severitiesText(findings)}</span>
        </span>
      )}
      <span class={isInTrouble ? 'tone-warn reason clip' : 'dim clip'}>
        {laneState(connection, session.now(), undefined)}
      </span>
    </button>
  )
}
