/** The connection that a message goes to, and why there is none. */
import * as l10n from '@vscode/l10n'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { connectionName, isLive, STATE_NAMES } from '../format/connection.ts'
import { usePage } from '../state/page.ts'

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

/** The connection that the user means, open or not: the wanted one, else one that is being opened, else the one that ended last. */
function meantOf(
  connections: readonly ConnectionStatus[],
  wanted: readonly (number | undefined)[],
): ConnectionStatus | undefined {
  const senders = connections.filter(({ canSend }) => canSend)
  const meant = wanted.map((id) => senders.find((each) => each.id === id)).find((each) => each !== undefined)
  return (
    meant ??
    senders.find(({ state }) => isLive(state)) ??
    senders.reduce<ConnectionStatus | undefined>(laterOf, undefined)
  )
}

/** Why no message can be sent, as one sentence, if `targetOf` finds no connection. */
export function whyNot(
  connections: readonly ConnectionStatus[],
  wanted: readonly (number | undefined)[] = [],
  nameOf: (connection: ConnectionStatus) => string = connectionName,
): string {
  const meant = meantOf(connections, wanted)
  if (meant === undefined) return l10n.t('No WebSocket is open. Connect to one to send messages.')
  return isLive(meant.state)
    ? l10n.t('{0} is {1}. Messages can be sent while it is open.', nameOf(meant), STATE_NAMES[meant.state])
    : l10n.t('{0} has ended. Reconnect it to send messages.', nameOf(meant))
}

/** Where messages go at the moment, or why they cannot be sent. */
export function useTarget(): {
  readonly target: ConnectionStatus | undefined
  /** The target, or the connection that is meant although no message can be sent on it now. */
  readonly meant: ConnectionStatus | undefined
  readonly reason: string | undefined
} {
  const { composer, session, looks } = usePage()
  const connections = session.status.value?.connections ?? []
  const wanted = [composer.target.value, session.scope.value.connection]
  const target = targetOf(connections, wanted)
  return {
    target,
    meant: target ?? meantOf(connections, wanted),
    reason: target === undefined ? whyNot(connections, wanted, (each) => looks.longNameOf(each)) : undefined,
  }
}
