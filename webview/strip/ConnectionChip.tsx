import type { ConnectionState, ConnectionStatus } from '../../src/shared/status.ts'
import {
  activity,
  connectionName,
  isLive,
  laneState,
  shortTransport,
  shortUrl,
  traffic,
} from '../format/connection.ts'
import { usePage } from '../state/page.ts'
import { Icon, IconButton } from '../ui/Icon.tsx'
import { Sparkline } from './Sparkline.tsx'

/** Icon and color of a state. The activity says it in words. */
const STATE_ICONS: Readonly<Record<ConnectionState, { readonly icon: string; readonly tone: string }>> = {
  connecting: { icon: 'loading', tone: 'warn' },
  open: { icon: 'circle-filled', tone: 'ok' },
  waiting: { icon: 'history', tone: 'warn' },
  closing: { icon: 'circle-slash', tone: 'quiet' },
  closed: { icon: 'circle-outline', tone: 'quiet' },
  failed: { icon: 'error', tone: 'error' },
}

/** The look of a state if the host does not answer, so that it may be outdated. */
const UNKNOWN_STATE = { icon: 'question', tone: 'quiet' }

function isInTrouble({ state }: ConnectionStatus): boolean {
  return state === 'waiting' || state === 'failed'
}

interface ConnectionChipProps {
  readonly connection: ConnectionStatus
  /** A short name in place of transport and URL. The state is then short too. */
  readonly shortName: string | undefined
}

/** State and traffic of a connection. A press shows only its events. */
export function ConnectionChip({ connection, shortName }: ConnectionChipProps) {
  const page = usePage()
  const { session, host } = page
  const isKnown = session.frozenAt.value === undefined
  const { icon, tone } = isKnown ? STATE_ICONS[connection.state] : UNKNOWN_STATE
  const scope = session.scope.value
  const name = connectionName(connection)
  const trouble = connection.error ?? connection.retry?.reason
  const act = (method: 'disconnect' | 'reconnect') =>
    void page.attempt(host.call(method, { id: connection.id }))
  return (
    <div class={`chip connection${scope.connection === connection.id ? ' on' : ''}`}>
      <button
        type="button"
        class="connection-face"
        aria-pressed={scope.connection === connection.id}
        title={[connection.url, traffic(connection), trouble].filter(Boolean).join('\n')}
        onClick={() => page.toggleConnection(connection.id)}
      >
        <span class={`state tone-${tone}`}>
          <Icon name={icon} spin={isKnown && connection.state === 'connecting'} />
        </span>
        {shortName === undefined ? (
          <>
            <span>{shortTransport(connection.transport)}</span>
            <b class="clip">{shortUrl(connection.url)}</b>
            <Sparkline connection={connection.id} />
            <Activity connection={connection} />
          </>
        ) : (
          <>
            <b class="clip">{shortName}</b>
            {!isInTrouble(connection) && <Sparkline connection={connection.id} />}
            <ShortActivity connection={connection} />
          </>
        )}
      </button>
      {!page.isRecording && connection.state !== 'open' && (
        <IconButton icon="refresh" name={`Reconnect ${name}`} onClick={() => act('reconnect')} />
      )}
      {!page.isRecording && isLive(connection.state) && (
        <IconButton icon="debug-disconnect" name={`Disconnect ${name}`} onClick={() => act('disconnect')} />
      )}
    </div>
  )
}

function Activity({ connection }: { connection: ConnectionStatus }) {
  const { session, clock } = usePage()
  void clock.ticks.value
  const doing = activity(connection, session.now())
  const isQuiet = connection.state === 'connecting' || connection.state === 'waiting'
  return (
    <>
      <span class="dim tabular clip">{isQuiet ? doing : `${doing} · ${traffic(connection)}`}</span>
      {connection.state === 'failed' && connection.error !== undefined && (
        <span class="tone-error clip reason">{connection.error}</span>
      )}
      {connection.state === 'waiting' && connection.retry !== undefined && (
        <span class="tone-warn clip reason">{connection.retry.reason}</span>
      )}
    </>
  )
}

function ShortActivity({ connection }: { connection: ConnectionStatus }) {
  const { session, clock } = usePage()
  void clock.ticks.value
  const [what, when] = laneState({ ...connection, reconnects: 0 }, session.now(), undefined).split(/(?= in )/)
  return (
    <span class={`tabular clip ${isInTrouble(connection) ? 'tone-warn reason' : 'dim'}`}>
      {what}
      {when !== undefined && <span class="when">{when}</span>}
    </span>
  )
}
