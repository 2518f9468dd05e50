/** The connection that a message goes to, and why there is none. */
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { traitsOf } from '../../src/shared/transports.ts'
import { connectionName, isLive } from '../format/connection.ts'

function laterOf(one: ConnectionStatus | undefined, other: ConnectionStatus): ConnectionStatus {
  return one === undefined || other.since > one.since ? other : one
}

/** The first open connection among the wanted ones, else the first open one. */
export function targetOf(
  connections: readonly ConnectionStatus[],
  wanted: readonly (number | undefined)[] = [],
): ConnectionStatus | undefined {
  const open = connections.filter(({ canSend, state }) => canSend && state === 'open')
  const ids = wanted.filter((id) => id !== undefined)
  return ids.map((id) => open.find((each) => each.id === id)).find((each) => each !== undefined) ?? open[0]
}

/**
 * Why no message can be sent, as one sentence, if `targetOf` finds no connection. Speaks about the wanted one, else one
 * that is being opened, else the one that ended last.
 */
export function whyNot(
  connections: readonly ConnectionStatus[],
  wanted: readonly (number | undefined)[] = [],
): string {
  const senders = connections.filter(({ canSend }) => canSend)
  const meant = wanted.map((id) => senders.find((each) => each.id === id)).find((each) => each !== undefined)
  const coming = meant ?? senders.find(({ state }) => isLive(state))
  if (coming !== undefined && isLive(coming.state))
    return `${connectionName(coming)} is ${coming.state}. Messages can be sent while it is open.`
  const ended = meant ?? senders.reduce<ConnectionStatus | undefined>(laterOf, undefined)
  if (ended !== undefined) return `${connectionName(ended)} has ended. Reconnect it to send messages.`
  const live = connections.filter(({ state }) => isLive(state))
  if (live.length === 0) return 'No connection is open. Connect to a WebSocket to send messages.'
  if (live.some(({ transport }) => transport === 'auto'))
    return 'The transport is not known yet. Messages can be sent on a WebSocket.'
  const names = [...new Set(live.map(({ transport }) => traitsOf(transport)?.label ?? transport))]
  const listed = names.length === 1 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  const verb = names.length === 1 ? 'receives' : 'receive'
  return `${listed.charAt(0).toUpperCase()}${listed.slice(1)} only ${verb}. Connect to a WebSocket to send messages.`
}
