import * as l10n from '@vscode/l10n'
import { useMemo, useRef } from 'preact/hooks'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { steady } from '../../src/shared/steady-list.ts'
import { AutomaticBar } from '../automatic/AutomaticBar.tsx'
import { AutomaticButton } from '../automatic/AutomaticButton.tsx'
import { STATE_NAMES } from '../format/connection.ts'
import { formatCount } from '../format/count.ts'
import { FORMAT_NAMES } from '../format/message-formats.ts'
import { RequestRows } from '../requests/RequestRows.tsx'
import { checkComposed, namesSetOn } from '../state/check-composed.ts'
import type { Format } from '../state/composer.ts'
import { speakingOn } from '../state/forms.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { SEND_KEY } from '../ui/send-key.ts'
import { FormBar, FormSelect } from './FormBar.tsx'
import { formatJson } from './format-json.ts'
import { HistoryMenu } from './HistoryMenu.tsx'
import { MessageField } from './MessageField.tsx'
import { RepeatPlanFields, SendingProgress } from './RepeatRow.tsx'
import { SavedMenu } from './SavedMenu.tsx'
import { useTarget } from './target.ts'
import { VariablesMenu } from './VariablesMenu.tsx'

/** Writes and sends messages. Hidden while there is no connection that takes any. */
export function Composer() {
  const { session } = usePage()
  const connections = session.status.value?.connections ?? []
  return connections.some(({ canSend }) => canSend) ? <Bar connections={connections} /> : null
}

interface BarProps {
  readonly connections: readonly ConnectionStatus[]
}

function Bar({ connections }: BarProps) {
  const { composer } = usePage()
  const { forms } = composer
  const { target, meant, reason } = useTarget()
  const speaking = speakingOn(meant)
  const form = speaking && forms.formOf(speaking)
  const isRepeat = form === undefined && composer.repeats
  return (
    <section class="bar composer" aria-label={l10n.t('Send a message')}>
      <TargetSelect connections={connections} target={target} />
      {speaking !== undefined && <FormSelect speaking={speaking} form={form} />}
      {speaking === undefined || form === undefined ? (
        <MessageBar target={target} reason={reason} />
      ) : (
        <FormBar speaking={speaking} form={form} target={target} reason={reason} />
      )}
      <RequestRows meant={meant} />
      <SendingProgress connections={connections} ended={isRepeat || composer.showsEnd.value} />
      <AutomaticBar connections={connections} meant={meant} />
    </section>
  )
}

interface MessageBarProps {
  readonly target: ConnectionStatus | undefined
  /** Why no message can be sent. Undefined if one can. */
  readonly reason: string | undefined
}

/** Writes a message as it is, and sends it once or repeatedly. Says why while no message can be sent. */
function MessageBar({ target, reason }: MessageBarProps) {
  const page = usePage()
  const { composer } = page
  const isRepeat = composer.repeats

  const send = async () => {
    if (target === undefined) return
    composer.failure.value = undefined
    try {
      const { message } = composer
      if (message === undefined) await page.host.call('sendFile', { id: target.id }, 0)
      else {
        checkComposed(message, composer.shelf.value.variables, namesSetOn(target))
        if (isRepeat) {
          const plan = composer.checkedPlan()
          await page.host.call('repeat', { id: target.id, message, plan })
        } else await page.host.call('send', { id: target.id, message })
        composer.history.push(message)
        // Text typed while the message was sent is the next message.
        if (!isRepeat && composer.text.value === message.text) composer.edit('')
      }
    } catch (thrown) {
      composer.failure.value = sentenceOf(thrown)
    }
    focusHere(composer.field)
  }

  return (
    <>
      <FormatSelect />
      {/* Not in the corner, where the editor's notifications cover it. */}
      <vscode-button disabled={target === undefined} onClick={() => void send()}>
        {isRepeat
          ? l10n.t('Start')
          : composer.format.value === 'file'
            ? l10n.t('Send file…')
            : l10n.t('Send {0}', SEND_KEY)}
      </vscode-button>
      <MessageField reason={reason} onSend={() => void send()} />
      <Tools />
      {isRepeat && <RepeatPlanFields />}
    </>
  )
}

interface TargetSelectProps extends BarProps {
  readonly target: ConnectionStatus | undefined
}

/** Connections that can be chosen. One that is not among them can be if only its events are shown. */
const MOST_TARGETS = 200

function TargetSelect({ connections, target }: TargetSelectProps) {
  const { composer, looks, session } = usePage()
  const all = connections.filter(({ canSend }) => canSend)
  const others = [target, session.connection(session.scope.value.connection)].filter(
    (each) => each?.canSend === true && all.indexOf(each) >= MOST_TARGETS,
  )
  const senders = [...new Set([...all.slice(0, MOST_TARGETS), ...others])].filter(
    (each) => each !== undefined,
  )
  const left = all.length - senders.length
  const shown = useRef<readonly ConnectionStatus[]>([])
  shown.current = steady(shown.current, senders, hasSameOption)
  // The status changes many times a second, the names hardly ever.
  const options = useMemo(
    () => (
      <>
        {shown.current.map((connection) => (
          <option key={connection.id} value={connection.id} disabled={connection.state !== 'open'}>
            {looks.longNameOf(connection)}
            {connection.state === 'open' ? '' : ` (${STATE_NAMES[connection.state]})`}
          </option>
        ))}
      </>
    ),
    [shown.current, looks.names.value, looks.labels.value],
  )
  return (
    <select
      class="chip"
      aria-label={l10n.t('Connection to send to')}
      disabled={target === undefined}
      value={target?.id ?? ''}
      onChange={(event) => {
        composer.target.value = Number(event.currentTarget.value)
      }}
    >
      {target === undefined && <option value="">{l10n.t('No open WebSocket')}</option>}
      {options}
      {left > 0 && (
        <option key="more" value="more" disabled>
          {l10n.t('{0} more: show only one of them to send to it', formatCount(left))}
        </option>
      )}
    </select>
  )
}

function hasSameOption(one: ConnectionStatus, other: ConnectionStatus): boolean {
  return (
    one.id === other.id &&
    one.state === other.state &&
    one.url === other.url &&
    one.transport === other.transport
  )
}

function FormatSelect() {
  const { composer } = usePage()
  return (
    <select
      class="chip"
      aria-label={l10n.t('Format')}
      value={composer.format.value}
      onChange={(event) => {
        composer.format.value = event.currentTarget.value as Format
        composer.failure.value = undefined
      }}
    >
      {Object.entries(FORMAT_NAMES).map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}

function Tools() {
  const { composer } = usePage()
  const isFile = composer.format.value === 'file'
  const layOut = () => {
    const formatted = formatJson(composer.text.value)
    if (formatted !== undefined) composer.edit(formatted)
    composer.focus()
  }
  return (
    <div class="tools" role="group" aria-label={l10n.t('Message tools')}>
      {composer.format.value === 'json' && (
        <Chip disabled={composer.text.value.trim() === ''} onClick={layOut}>
          {l10n.t('Format')}
        </Chip>
      )}
      <HistoryMenu />
      <SavedMenu />
      <VariablesMenu />
      <IconButton
        icon="sync"
        name={l10n.t('Repeat')}
        disabled={isFile}
        aria-pressed={composer.repeating.value && !isFile}
        onClick={() => {
          composer.repeating.value = !composer.repeating.value
        }}
      />
      <AutomaticButton />
    </div>
  )
}
