import * as l10n from '@vscode/l10n'
import { MESSAGE_FORMATS } from '../../src/shared/compose/compose.ts'
import { MAX_REPEAT_INTERVAL } from '../../src/shared/compose/repeat.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import { checkKeepAlive, MIN_KEEP_ALIVE_INTERVAL } from '../../src/shared/protocol/rules.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { formatCount } from '../format/count.ts'
import { FORMAT_NAMES } from '../format/message-formats.ts'
import { checkComposed, namesSetOn } from '../state/check-composed.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Sentence } from '../ui/Sentence.tsx'
import { isSendKey } from '../ui/send-key.ts'
import { OnConnection } from './OnConnection.tsx'

/** The keep-alive messages of all connections. */
export function KeepAliveList({ connections }: { readonly connections: readonly ConnectionStatus[] }) {
  const page = usePage()
  if (connections.every(({ keepAlive }) => keepAlive === undefined)) return null
  return (
    <ul class="rules" aria-label={l10n.t('Keep-alive messages')}>
      {connections.map((connection) => {
        const { id, keepAlive } = connection
        if (keepAlive === undefined) return null
        const { text, interval, sent, problem } = keepAlive
        return (
          <li key={id} class="rule">
            <span class="rule-words">
              <span class="mono clip" title={text}>
                {text}
              </span>
              <span class="dim">{l10n.t('every {0} ms', formatCount(interval))}</span>
            </span>
            <OnConnection connection={connection} />
            <span class="dim tabular rule-count">{l10n.t('{0} sent', formatCount(sent))}</span>
            <Chip
              aria-label={l10n.t('Stop the keep-alive message of {0}', page.looks.longNameOf(connection))}
              onClick={() => void page.call('stopKeepAlive', { id })}
            >
              <Icon name="debug-stop" /> {l10n.t('Stop')}
            </Chip>
            {problem !== undefined && <span class="rule-note tone-warn">{problem}</span>}
          </li>
        )
      })}
    </ul>
  )
}

/** Writes the message that keeps a connection alive. It replaces the one before it. */
export function KeepAliveForm({ connection }: { readonly connection: ConnectionStatus }) {
  const page = usePage()
  const { composer } = page
  const { automatic } = composer
  const message = automatic.keepAlive.value
  const failure = automatic.keepAliveFailure.value

  const start = async () => {
    automatic.keepAliveFailure.value = undefined
    try {
      const interval = automatic.interval.value
      checkComposed(message, composer.shelf.value.variables, namesSetOn(connection))
      checkKeepAlive(interval)
      await page.host.call('keepAlive', { id: connection.id, message, interval })
    } catch (thrown) {
      automatic.keepAliveFailure.value = sentenceOf(thrown)
    }
  }

  return (
    <form
      class="automatic-form"
      noValidate
      aria-label={l10n.t('New keep-alive message')}
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
      onKeyDown={(event) => {
        if (!isSendKey(event)) return
        event.preventDefault()
        void start()
      }}
    >
      <select
        class="chip"
        aria-label={l10n.t('Format of the keep-alive message')}
        value={message.format}
        onChange={({ currentTarget }) => {
          const format = MESSAGE_FORMATS.find((each) => each === currentTarget.value) ?? 'text'
          automatic.keepAlive.value = { ...message, format }
        }}
      >
        {MESSAGE_FORMATS.map((format) => (
          <option key={format} value={format}>
            {FORMAT_NAMES[format]}
          </option>
        ))}
      </select>
      <input
        class="field mono"
        type="text"
        aria-label={l10n.t('Keep-alive message')}
        aria-invalid={failure !== undefined}
        aria-describedby="keep-alive-failure"
        placeholder={l10n.t('Message: {0}', '{"type":"ping"}')}
        autocomplete="off"
        spellcheck={false}
        value={message.text}
        onInput={(event) => {
          automatic.keepAlive.value = { ...message, text: event.currentTarget.value }
          automatic.keepAliveFailure.value = undefined
        }}
      />
      <span class="automatic-interval">
        <Sentence
          text={l10n.t('every {0} ms')}
          parts={[
            <NumberField
              key="interval"
              name={l10n.t('Milliseconds between keep-alive messages')}
              value={automatic.interval.value}
              min={MIN_KEEP_ALIVE_INTERVAL}
              max={MAX_REPEAT_INTERVAL}
              onChange={(interval) => {
                automatic.interval.value = interval
                automatic.keepAliveFailure.value = undefined
              }}
            />,
          ]}
        />
      </span>
      <Chip type="submit">{connection.keepAlive === undefined ? l10n.t('Start') : l10n.t('Replace')}</Chip>
      <OnConnection connection={connection} />
      <div role="alert" id="keep-alive-failure" class="rule-note tone-error">
        {failure}
      </div>
    </form>
  )
}
