/** The view of the live session's connections. */
import * as vscode from 'vscode'
import type { ConnectionStatus } from '../../shared/status.ts'
import { SIDE_BAR } from '../contributions.ts'
import type { RequestRuns } from '../requests/request-runs.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { Notifier } from '../ui/notifier.ts'
import {
  CONNECTION_SCHEME,
  type ConnectionFacts,
  connectionTooltip,
  lookOf,
  unreadText,
} from './connection-look.ts'
import { intervalOf } from './poll-interval.ts'
import { RowTree } from './row-tree.ts'
import { type ListedRow, TreeRow } from './tree-row.ts'
import type { UnreadErrors } from './unread-errors.ts'

export class ConnectionRow extends TreeRow {
  readonly id: number

  constructor(id: number) {
    super(SIDE_BAR.connections, String(id))
    this.id = id
  }
}

export interface ConnectionsViewOptions {
  readonly session: LiveSession
  readonly unread: UnreadErrors
  readonly runs: RequestRuns
  readonly notifier: Notifier
}

/** Digits in a badge of a row. */
const MAX_BADGE = 9

export function showConnectionsView({
  session,
  unread,
  runs,
  notifier,
}: ConnectionsViewOptions): vscode.Disposable {
  const { labels } = session
  const factsOf = (status: ConnectionStatus, name: string): ConnectionFacts => ({
    name,
    color: labels.colorOf(status.id),
    unread: unread.of(status),
    interval: intervalOf(session, status),
    hasRequest: runs.requestOf(status.id) !== undefined,
  })
  const list = (): ListedRow<ConnectionRow>[] => {
    const names = labels.names()
    return session.connections.map((status) => {
      const facts = factsOf(status, names.get(status.id) ?? status.url)
      return {
        row: new ConnectionRow(status.id),
        look: lookOf(status, facts),
        tooltip: connectionTooltip(status, session.status?.startedAt ?? '', facts),
      }
    })
  }
  const tree = new RowTree({ id: SIDE_BAR.connections, list, notifier })
  const badges = new ErrorBadges(session, unread)
  const update = () => {
    tree.update()
    badges.update()
    const { total } = unread
    if (tree.view.badge?.value === total || (total === 0 && tree.view.badge === undefined)) return
    tree.view.badge = total === 0 ? undefined : { value: total, tooltip: unreadText(total) }
  }
  return vscode.Disposable.from(
    tree,
    badges,
    session.onStatus(update),
    labels.onChange(update),
    unread.onSeen(update),
  )
}

/** The number of unread errors behind the name of each connection. */
class ErrorBadges implements vscode.FileDecorationProvider {
  readonly #session: LiveSession
  readonly #unread: UnreadErrors
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>()
  readonly onDidChangeFileDecorations = this.#changed.event
  readonly #registration = vscode.window.registerFileDecorationProvider(this)
  #shown = new Map<number, number>()

  constructor(session: LiveSession, unread: UnreadErrors) {
    this.#session = session
    this.#unread = unread
  }

  provideFileDecoration({ scheme, path }: vscode.Uri): vscode.FileDecoration | undefined {
    if (scheme !== CONNECTION_SCHEME) return undefined
    const count = this.#shown.get(Number(path.slice(1))) ?? 0
    if (count === 0) return undefined
    const badge = count > MAX_BADGE ? `${MAX_BADGE}+` : String(count)
    return new vscode.FileDecoration(badge, unreadText(count), new vscode.ThemeColor('list.errorForeground'))
  }

  update(): void {
    const before = this.#shown
    this.#shown = new Map(
      this.#session.connections
        .map((status) => [status.id, this.#unread.of(status)] as const)
        .filter(([, count]) => count > 0),
    )
    const ids = new Set([...before.keys(), ...this.#shown.keys()])
    const changed = [...ids].filter((id) => before.get(id) !== this.#shown.get(id))
    if (changed.length > 0)
      this.#changed.fire(changed.map((id) => vscode.Uri.parse(`${CONNECTION_SCHEME}:/${id}`)))
  }

  dispose(): void {
    this.#registration.dispose()
    this.#changed.dispose()
  }
}
