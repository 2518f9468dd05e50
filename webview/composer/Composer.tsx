import { checkMessage } from '../../src/shared/compose/compose.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { connectionName } from '../format/connection.ts'
import type { Format } from '../state/composer.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'
import { formatJson } from './format-json.ts'
import { HistoryMenu } from './HistoryMenu.tsx'
import { MessageField } from './MessageField.tsx'
import { RepeatPlanFields, RepeatProgress } from './RepeatRow.tsx'
import { SavedMenu } from './SavedMenu.tsx'
import { targetOf, whyNot } from './target.ts'
import { VariablesMenu } from './VariablesMenu.tsx'

const FORMAT_NAMES: Readonly<Record<Format, string>> = {
  text: 'Text',
  json: 'JSON',
  hex: 'Hex',
  base64: 'Base64',
  file: 'File',
}

const isMac = navigator.platform.startsWith('Mac')

/** Writes and sends messages. Says why if no connection can send. */
export function Composer() {
  const page = usePage()
  const { composer, session } = page
  const connections = session.status.value?.connections ?? []
  const wanted = [composer.target.value, session.scope.value.connection]
  const target = targetOf(connections, wanted)
  const reason = target === undefined ? whyNot(connections, wanted) : undefined
  const canEver = connections.some(({ canSend }) => canSend)
  const isRepeat = composer.repeating.value && composer.format.value !== 'file'

  const send = async () => {
    if (target === undefined) return
    composer.failure.value = undefined
    try {
      const { message } = composer
      if (message === undefined) await page.host.call('sendFile', { id: target.id }, 0)
      else {
        checkMessage(message, composer.shelf.value.variables)
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
    <section class="bar composer" aria-label="Send a message">
      <TargetSelect connections={connections} target={target} />
      <FormatSelect disabled={!canEver} />
      {/* Not in the corner, where the editor's notifications cover it. */}
      <vscode-button disabled={target === undefined} onClick={() => void send()}>
        {isRepeat
          ? 'Start'
          : composer.format.value === 'file'
            ? 'Send file…'
            : `Send ${isMac ? '⌘⏎' : 'Ctrl+⏎'}`}
      </vscode-button>
      <MessageField reason={reason} disabled={!canEver} onSend={() => void send()} />
      <Tools />
      {isRepeat && <RepeatPlanFields />}
      <RepeatProgress connections={connections} ended={isRepeat} />
    </section>
  )
}

interface TargetSelectProps {
  readonly connections: readonly ConnectionStatus[]
  readonly target: ConnectionStatus | undefined
}

function TargetSelect({ connections, target }: TargetSelectProps) {
  const { composer } = usePage()
  const senders = connections.filter(({ canSend }) => canSend)
  return (
    <select
      class="chip"
      aria-label="Connection to send to"
      disabled={target === undefined}
      value={target?.id ?? ''}
      onChange={(event) => {
        composer.target.value = Number(event.currentTarget.value)
      }}
    >
      {target === undefined && <option value="">no connection</option>}
      {senders.map((connection) => (
        <option key={connection.id} value={connection.id} disabled={connection.state !== 'open'}>
          {connectionName(connection)}
          {connection.state === 'open' ? '' : ` (${connection.state})`}
        </option>
      ))}
    </select>
  )
}

function FormatSelect({ disabled }: { disabled: boolean }) {
  const { composer } = usePage()
  return (
    <select
      class="chip"
      aria-label="Format"
      disabled={disabled}
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
    <div class="tools" role="group" aria-label="Message tools">
      {composer.format.value === 'json' && (
        <button type="button" class="chip" disabled={composer.text.value.trim() === ''} onClick={layOut}>
          Format
        </button>
      )}
      <HistoryMenu />
      <SavedMenu />
      <VariablesMenu />
      <button
        type="button"
        class="icon-button"
        title="Repeat"
        aria-label="Repeat"
        disabled={isFile}
        aria-pressed={composer.repeating.value && !isFile}
        onClick={() => {
          composer.repeating.value = !composer.repeating.value
        }}
      >
        <Icon name="sync" />
      </button>
    </div>
  )
}
