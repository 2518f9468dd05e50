import * as l10n from '@vscode/l10n'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { MAX_CONNECTION_NAME } from '../../src/shared/connection-labels.ts'
import { reasonOf } from '../../src/shared/failure.ts'
import { type ConnectionState, type ConnectionStatus, canEnd, isOwn } from '../../src/shared/status.ts'
import { activity, connectionName, holdText, laneState, seenText, traffic } from '../format/connection.ts'
import { formatCountdown } from '../format/time.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { openConnectionMenu } from './connection-menu.ts'
import { FindingBadge } from './FindingBadge.tsx'
import { Sparkline } from './Sparkline.tsx'

/** Icon and color of a state. Open is normal, so it has none. The activity says it in words. */
const STATE_ICONS: Readonly<
  Partial<Record<ConnectionState, { readonly icon: string; readonly tone: string }>>
> = {
  connecting: { icon: 'loading', tone: 'warn' },
  waiting: { icon: 'history', tone: 'warn' },
  closing: { icon: 'circle-slash', tone: 'quiet' },
  closed: { icon: 'circle-outline', tone: 'quiet' },
  failed: { icon: 'error', tone: 'error' },
}

/** The look of a state if the host does not answer, so that it may be outdated. */
const UNKNOWN_STATE = { icon: 'question', tone: 'quiet' }

/** Classes for the activity of a connection in trouble. */
const TROUBLE: Readonly<Partial<Record<ConnectionState, string>>> = {
  waiting: 'tone-warn reason',
  failed: 'tone-error reason',
}

function isInTrouble({ state }: ConnectionStatus): boolean {
  return TROUBLE[state] !== undefined
}

interface ConnectionChipProps {
  readonly connection: ConnectionStatus
  /** There is room for its state and traffic in full. */
  readonly isRoomy: boolean
}

/** State and traffic of a connection. A press shows only its events. */
export function ConnectionChip({ connection, isRoomy }: ConnectionChipProps) {
  const page = usePage()
  const { session } = page
  const isKnown = session.frozenAt.value === undefined
  const look = isKnown ? STATE_ICONS[connection.state] : UNKNOWN_STATE
  const scope = session.scope.value
  const name = connectionName(connection)
  const trouble = connection.error ?? connection.retry?.reason
  const chip = useRef<HTMLDivElement>(null)
  const { revealed } = page.looks
  useLayoutEffect(() => {
    if (revealed.value?.connection === connection.id) bringIntoView(chip.current)
  }, [revealed.value])
  const act = (method: 'disconnect' | 'reconnect') => void page.call(method, { id: connection.id })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the menu's key goes to the button inside.
    <div
      ref={chip}
      onContextMenu={(event) => openConnectionMenu(page, connection.id, event)}
      data-state={isKnown ? connection.state : 'unknown'}
      class={`chip connection connection-${page.looks.colorOf(connection.id)}${scope.connection === connection.id ? ' on' : ''}`}
    >
      <button
        type="button"
        class="connection-face"
        aria-pressed={scope.connection === connection.id}
        title={[
          connection.url,
          traffic(connection),
          seenText(connection),
          trouble,
          holdText(connection, session.now()),
        ]
          .filter(Boolean)
          .join('\n')}
        onClick={() => page.toggleConnection(connection.id)}
      >
        {look !== undefined && (
          <span class={`state tone-${look.tone}`}>
            <Icon name={look.icon} spin={isKnown && connection.state === 'connecting'} />
          </span>
        )}
        <b class="clip">{page.looks.nameOf(connection.id)}</b>
        {isRoomy ? (
          <>
            <Sparkline connection={connection.id} />
            <Activity connection={connection} />
          </>
        ) : (
          <>
            {!isInTrouble(connection) && <Sparkline connection={connection.id} />}
            <ShortActivity connection={connection} />
          </>
        )}
      </button>
      <FindingBadge connection={connection} />
      {!page.isRecording && isOwn(connection) && connection.state === 'failed' && (
        <IconButton
          icon="edit"
          name={l10n.t('Edit {0}…', name)}
          onClick={() => void page.connecting.openForm({ connection: connection.id })}
        />
      )}
      {!page.isRecording && isOwn(connection) && connection.state !== 'open' && (
        <IconButton
          icon="refresh"
          name={connection.state === 'failed' ? l10n.t('Retry {0}', name) : l10n.t('Reconnect {0}', name)}
          onClick={() => act('reconnect')}
        />
      )}
      {!page.isRecording && canEnd(connection) && (
        <IconButton
          icon="debug-disconnect"
          name={isOwn(connection) ? l10n.t('Disconnect {0}', name) : l10n.t('Cut {0}', name)}
          onClick={() => act('disconnect')}
        />
      )}
      {page.looks.renaming.value === connection.id && <Rename connection={connection.id} />}
    </div>
  )
}

/** Scrolls to a chip and lets it flash. */
function bringIntoView(chip: HTMLElement | null): void {
  chip?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches)
    chip?.animate([{ outline: '2px solid var(--focus)' }, { outline: '2px solid transparent' }], 1000)
}

/** A field for the name of a connection. An empty one gives it its own name again. */
function Rename({ connection }: { connection: number }) {
  const { looks } = usePage()
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => focusHere(input.current), [])
  const cancel = () => {
    looks.renaming.value = undefined
  }
  return (
    <form
      class="rename"
      onSubmit={(event) => {
        event.preventDefault()
        looks.rename(connection, input.current?.value ?? '')
      }}
    >
      <input
        ref={input}
        class="field"
        aria-label={l10n.t('Name of the connection')}
        maxLength={MAX_CONNECTION_NAME}
        defaultValue={looks.nameOf(connection)}
        onBlur={cancel}
        onKeyDown={(event) => event.key === 'Escape' && cancel()}
      />
    </form>
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
        <span class="tone-error clip reason">{reasonOf(connection.error)}</span>
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
  const { state, retry } = connection
  const now = session.now()
  const isWaiting = state === 'waiting' && retry !== undefined
  return (
    <span class={`tabular clip ${TROUBLE[connection.state] ?? 'dim'}`}>
      {isWaiting
        ? l10n.t('retry {0}', retry.attempt)
        : laneState({ ...connection, reconnects: 0 }, now, undefined)}
      {isWaiting && <span class="when"> {l10n.t('in {0}', formatCountdown(retry.at - now))}</span>}
    </span>
  )
}
