/** Chooses the connection for a command: the only one, or the one that the user picks. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import { asking } from '../ui/asking.ts'
import { cancelled } from '../ui/notifier.ts'

function describe({ transport, state, error }: ConnectionStatus): string {
  return `${transport} · ${state}${error === undefined ? '' : ` · ${error}`}`
}

/** Asks if there are several `candidates`. Throws `NO_CONNECTION` with the message `none`, or `CANCELLED`. */
export async function chooseConnection(
  candidates: readonly ConnectionStatus[],
  title: string,
  none: string,
): Promise<number> {
  const [first, ...more] = candidates
  if (first === undefined) throw new Failure('NO_CONNECTION', none)
  if (more.length === 0) return first.id
  const chosen = await asking(() =>
    vscode.window.showQuickPick(
      candidates.map((connection) => ({
        label: `${connection.id}: ${connection.url}`,
        description: describe(connection),
        id: connection.id,
      })),
      { title, matchOnDescription: true },
    ),
  )
  if (chosen === undefined) throw cancelled()
  return chosen.id
}
