/** Chooses the connection for a command: the only one, or the one that the user picks. */
import { Failure, reasonOf } from '../../shared/failure.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import { pickOne } from '../ui/asking.ts'
import type { ConnectionLabels } from './connection-labels.ts'

function describe({ url, transport, state, error }: ConnectionStatus): string {
  return `${transport} · ${url} · ${state}${error === undefined ? '' : ` · ${reasonOf(error)}`}`
}

/** Asks if there are several `candidates`. Throws `NO_CONNECTION` with the message `none`, or `CANCELLED`. */
export async function chooseConnection(
  labels: ConnectionLabels,
  candidates: readonly ConnectionStatus[],
  title: string,
  none: string,
): Promise<number> {
  if (candidates.length === 0) throw new Failure('NO_CONNECTION', none)
  const names = labels.names()
  const items = candidates.map((connection) => ({
    label: `${connection.id}: ${names.get(connection.id)}`,
    description: describe(connection),
    id: connection.id,
  }))
  return (await pickOne(items, title, { matchOnDescription: true })).id
}
