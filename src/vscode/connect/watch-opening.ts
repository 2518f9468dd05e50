/** Waits until it is clear whether a new connection opens. */
import type * as vscode from 'vscode'
import type { ConnectionStatus } from '../../shared/status.ts'
import type { LiveSession } from '../session/live-session.ts'

/**
 * Resolves to the status after the first attempt to connect; undefined if the connection is removed before, or if the
 * engine ends.
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
