import type { ConnectionState, ConnectionStatus } from '../../src/shared/status.ts'
import { formatCount, plural } from '../format/count.ts'

/** As many are seen at a glance, or nearly. */
const MOST_SEEN = 12
/** States worth a word among many; what is not named is open or has ended in peace. */
const TOLD: readonly ConnectionState[] = ['connecting', 'waiting', 'failed']

/** How many connections there are, and how many of them need a look: more than the strip shows at once. */
export function Total({ connections }: { connections: readonly ConnectionStatus[] }) {
  if (connections.length <= MOST_SEEN) return null
  const count = (state: ConnectionState) => connections.filter((each) => each.state === state).length
  const parts = TOLD.map((state) => ({ state, number: count(state) })).filter(({ number }) => number > 0)
  return (
    <span class="total dim tabular">
      {plural(connections.length, 'connection')}
      {parts.map(({ state, number }) => (
        <span key={state}> · {`${formatCount(number)} ${state}`}</span>
      ))}
    </span>
  )
}
