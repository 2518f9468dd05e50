import * as l10n from '@vscode/l10n'
import { type ConnectionStatus, canEnd } from '../../src/shared/status.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { ConnectionChip } from './ConnectionChip.tsx'
import { MoreConnections } from './MoreConnections.tsx'
import { Total } from './Total.tsx'

/** Connections with a card of their own. The others are in a list. */
const MOST_CARDS = 8
/** Number of connections above which each is shown in few words. */
const MOST_ROOMY = 2

/** Every connection. */
export function ConnectionStrip() {
  const page = usePage()
  const isLive = page.isReady.value && !page.isRecording
  const connections = page.session.status.value?.connections ?? []
  const { shown, folded } = foldMany(connections, [
    page.session.scope.value.connection,
    page.looks.renaming.value,
    page.looks.revealed.value?.connection,
  ])
  const live = connections.filter(canEnd)
  const isRoomy = connections.length <= MOST_ROOMY
  return (
    <div class="bar strip">
      <ul
        class={`chips${isRoomy ? '' : ' many'}`}
        aria-label={l10n.t('Connections')}
        style={{ '--count': shown.length, '--half': Math.ceil(shown.length / 2) }}
      >
        {shown.map((connection) => (
          <li key={connection.id}>
            <ConnectionChip connection={connection} isRoomy={isRoomy} />
          </li>
        ))}
      </ul>
      <div class="actions">
        {folded.length > 0 && <MoreConnections connections={folded} />}
        {isLive && <IconButton icon="add" name={l10n.t('Connect…')} onClick={() => page.connect()} />}
        {isLive && (
          <span class="start-proxy">
            <IconButton
              icon="arrow-swap"
              name={l10n.t('Start Recording Proxy…')}
              onClick={() => void page.call('startProxy', null, 0)}
            />
          </span>
        )}
        {isLive && live.length > 1 && (
          <IconButton
            icon="debug-disconnect"
            name={l10n.t('Disconnect All')}
            onClick={() => {
              for (const { id } of live) void page.call('disconnect', { id })
            }}
          />
        )}
        <Total connections={connections} />
      </div>
    </div>
  )
}

/** The connections with a card: the first ones, and those whose events are shown or that are being renamed. */
function foldMany(connections: readonly ConnectionStatus[], chosen: readonly (number | undefined)[]) {
  if (connections.length <= MOST_CARDS) return { shown: connections, folded: [] }
  const others = connections.slice(MOST_CARDS).filter(({ id }) => chosen.includes(id))
  const shown = [...connections.slice(0, MOST_CARDS - others.length), ...others]
  return { shown, folded: connections.filter((each) => !shown.includes(each)) }
}
