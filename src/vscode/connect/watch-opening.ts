/** Follows a connection the user just asked for until it is clear whether it opens. */
import type * as vscode from 'vscode'
import type { ConnectionStatus } from '../../shared/status.ts'
import type { LiveSession } from '../session/live-session.ts'

/**
 * Resolves to the status with which the connection stopped connecting for the first time; undefined
 * where it is forgotten before, or the engine ends.
 */
export function firstOutcome(session: LiveSession, id: number): Promise<ConnectionStatus | undefined> {
  return new Promise((resolve) => {
    let subscription: vscode.Disposable | undefined
    const look = (): boolean => {
      const status = session.connections.find((connection) => connection.id === id)
      if (status?.state === 'connecting') return false
      subscription?.dispose()
      resolve(status)
      return true
    }
    if (!look()) subscription = session.onStatus(look)
  })
}
