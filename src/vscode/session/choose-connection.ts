/** Which connection a command is about: the one it was given, the only one there is, or the one chosen. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import { asking } from '../ui/asking.ts'
import { cancelled } from '../ui/notifier.ts'

function describe({ transport, state, error }: ConnectionStatus): string {
  return `${transport} · ${state}${error === undefined ? '' : ` · ${error}`}`
}

/** Asks where several of `candidates` come into question. Throws `NO_CONNECTION`, or `CANCELLED`. */
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
