import * as l10n from '@vscode/l10n'
import { MAX_REPEAT_INTERVAL, MAX_REPEATS, MIN_REPEAT_INTERVAL } from '../../src/shared/compose/repeat.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Sentence } from '../ui/Sentence.tsx'

/** How often the message is sent. */
export function RepeatPlanFields() {
  const { composer } = usePage()
  const plan = composer.plan.value
  return (
    <div class="repeat-row" role="group" aria-label={l10n.t('Repeat')}>
      <span>
        <Sentence
          text={l10n.t('every {0} ms,')}
          parts={[
            <NumberField
              key="interval"
              name={l10n.t('Milliseconds between messages')}
              value={plan.interval}
              min={MIN_REPEAT_INTERVAL}
              max={MAX_REPEAT_INTERVAL}
              onChange={(interval) => {
                composer.plan.value = { ...plan, interval }
              }}
            />,
          ]}
        />
      </span>
      <span>
        <Sentence
          text={l10n.t('up to {0} times')}
          parts={[
            <NumberField
              key="count"
              name={l10n.t('Maximum number of messages')}
              value={plan.count}
              min={1}
              max={MAX_REPEATS}
              onChange={(count) => {
                composer.plan.value = { ...plan, count }
              }}
            />,
          ]}
        />
      </span>
    </div>
  )
}

interface SendingProgressProps {
  readonly connections: readonly ConnectionStatus[]
  /** Whether to show how it ended. */
  readonly ended: boolean
}

/** The progress of what is sent repeatedly or in order, with a button to stop it. */
export function SendingProgress({ connections, ended }: SendingProgressProps) {
  const page = usePage()
  const senders = connections.filter(({ sending }) => sending !== undefined)
  return (
    <>
      {senders.map((connection) => {
        const { id, sending } = connection
        if (sending === undefined) return null
        const name = page.looks.longNameOf(connection)
        if (sending.ended !== undefined)
          return (
            ended && (
              <div class="repeat-row" role="status" key={id}>
                <span class="dim">{sending.ended}</span>
              </div>
            )
          )
        return (
          <div class="repeat-row" key={id}>
            <progress max={sending.count} value={sending.sent} aria-label={l10n.t('Sending to {0}', name)} />
            <span class="mono tabular">
              {l10n.t('{0} of {1}', formatCount(sending.sent), formatCount(sending.count))}
            </span>
            <span class="dim clip">
              {sending.interval === undefined
                ? l10n.t('waiting for an answer on {0}', name)
                : l10n.t('every {0} ms on {1}', formatCount(sending.interval), name)}
            </span>
            <Chip onClick={() => void page.call('stopSending', { id })}>
              <Icon name="debug-stop" /> {l10n.t('Stop')}
            </Chip>
          </div>
        )
      })}
    </>
  )
}
