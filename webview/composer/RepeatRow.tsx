import { MAX_REPEAT_INTERVAL, MAX_REPEATS, MIN_REPEAT_INTERVAL } from '../../src/shared/compose/repeat.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { connectionName } from '../format/connection.ts'
import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'

/** How often the message is sent. */
export function RepeatPlanFields() {
  const { composer } = usePage()
  const plan = composer.plan.value
  return (
    <div class="repeat-row" role="group" aria-label="Repeat">
      <span>
        every{' '}
        <NumberField
          name="Milliseconds between messages"
          value={plan.interval}
          min={MIN_REPEAT_INTERVAL}
          max={MAX_REPEAT_INTERVAL}
          onChange={(interval) => {
            composer.plan.value = { ...plan, interval }
          }}
        />{' '}
        ms,
      </span>
      <span>
        up to{' '}
        <NumberField
          name="Maximum number of messages"
          value={plan.count}
          min={1}
          max={MAX_REPEATS}
          onChange={(count) => {
            composer.plan.value = { ...plan, count }
          }}
        />{' '}
        times
      </span>
    </div>
  )
}

interface NumberFieldProps {
  readonly name: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly onChange: (value: number) => void
}

function NumberField({ name, value, min, max, onChange }: NumberFieldProps) {
  return (
    <input
      class="field number"
      type="number"
      aria-label={name}
      min={min}
      max={max}
      step={1}
      value={Number.isNaN(value) ? '' : value}
      onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
    />
  )
}

/** The progress of each repeat, with a button to stop it. Shows repeats that have ended only if `ended` is set. */
export function RepeatProgress({
  connections,
  ended,
}: {
  connections: readonly ConnectionStatus[]
  ended: boolean
}) {
  const page = usePage()
  const shown = connections.filter(
    ({ repeat }) => repeat !== undefined && (ended || repeat.ended === undefined),
  )
  return (
    <>
      {shown.map((connection) => {
        const { repeat } = connection
        if (repeat === undefined) return null
        if (repeat.ended !== undefined)
          return (
            <div class="repeat-row" role="status" key={connection.id}>
              <span class="dim">{repeat.ended}</span>
            </div>
          )
        return (
          <div class="repeat-row" key={connection.id}>
            <progress
              max={repeat.count}
              value={repeat.sent}
              aria-label={`Repeating on ${connectionName(connection)}`}
            />
            <span class="mono tabular">
              {formatCount(repeat.sent)} of {formatCount(repeat.count)}
            </span>
            <span class="dim clip">
              every {formatCount(repeat.interval)} ms on {connectionName(connection)}
            </span>
            <button
              type="button"
              class="chip"
              onClick={() => void page.attempt(page.host.call('stopRepeat', { id: connection.id }))}
            >
              <Icon name="debug-stop" /> Stop
            </button>
          </div>
        )
      })}
    </>
  )
}
