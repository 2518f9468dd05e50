import type { ConnectionState, ConnectionStatus } from '../../src/shared/status.ts'
import { STATE_NAMES } from '../format/connection.ts'
import { connectionCount, formatCount } from '../format/count.ts'

/** Connections up to which the strip needs no total. */
const MOST_SEEN = 12
/** States that are named in the total. Others are open or have ended normally. */
const TOLD: readonly ConnectionState[] = ['connecting', 'waiting', 'failed']

/** The number of connections, and how many of them have a problem. */
export function Total({ connections }: { connections: readonly ConnectionStatus[] }) {
  if (connections.length <= MOST_SEEN) return null
  const count = (state: ConnectionState) => connections.filter((each) => each.state === state).length
  const parts = TOLD.map((state) => ({ state, number: count(state) })).filter(({ number }) => number > 0)
  return (
    <span class="total dim tabular">
      {connectionCount(connections.length)}
      {parts.map(({ state, number }) => (
        <span key={state}> · {`${formatCount(number)} ${STATE_NAMES[state]}`}</span>
      ))}
    </span>
  )
}
