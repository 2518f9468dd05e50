/** The rows of connections, in their own view and below the proxy that they go through. */
import type { ConnectionStatus } from '../../shared/status.ts'
import type { RequestRuns } from '../requests/request-runs.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { Notifier } from '../ui/notifier.ts'
import { type ConnectionFacts, connectionTooltip, lookOf } from './connection-look.ts'
import { intervalOf } from './poll-interval.ts'
import { type ListedRow, TreeRow } from './tree-row.ts'
import type { UnreadErrors } from './unread-errors.ts'

export class ConnectionRow extends TreeRow {
  readonly id: number

  /** `view` is the id of the view that has the row. */
  constructor(view: string, id: number) {
    super(view, `connection ${id}`)
    this.id = id
  }
}

export interface ConnectionRowOptions {
  readonly session: LiveSession
  readonly unread: UnreadErrors
  readonly runs: RequestRuns
  readonly notifier: Notifier
}

/** Rows for some of the session's connections. */
export function connectionRows(
  { session, unread, runs }: ConnectionRowOptions,
  view: string,
  connections: readonly ConnectionStatus[],
): ListedRow<ConnectionRow>[] {
  const { labels } = session
  const names = labels.names()
  return connections.map((status) => {
    const facts: ConnectionFacts = {
      name: names.get(status.id) ?? status.url,
      color: labels.colorOf(status.id),
      unread: unread.of(status),
      interval: intervalOf(session, status),
      hasRequest: runs.requestOf(status.id) !== undefined,
    }
    return {
      row: new ConnectionRow(view, status.id),
      look: lookOf(status, facts),
      tooltip: connectionTooltip(status, session.status?.startedAt ?? '', facts),
    }
  })
}
