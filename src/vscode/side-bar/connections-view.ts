/** The view of the live session's connections. */
import * as vscode from 'vscode'
import type { FindingCounts } from '../../shared/finding.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import { SIDE_BAR } from '../contributions.ts'
import type { LiveSession } from '../session/live-session.ts'
import { findingsBySeverity, totalOf } from '../ui/counts.ts'
import { CONNECTION_SCHEME, unreadText } from './connection-look.ts'
import { type ConnectionRowOptions, connectionRows } from './connection-rows.ts'
import { RowTree } from './row-tree.ts'
import type { UnreadErrors } from './unread-errors.ts'

/** Digits in a badge of a row. */
const MAX_BADGE = 9

export function showConnectionsView(options: ConnectionRowOptions): vscode.Disposable {
  const { session, unread, notifier } = options
  const { labels } = session
  const list = () => connectionRows(options, SIDE_BAR.connections, session.connections)
  const tree = new RowTree({ id: SIDE_BAR.connections, list, notifier })
  const badges = new ConnectionBadges(session, unread)
  const update = () => {
    tree.update()
    badges.update()
    const { value, tooltip } = badgeOf(unread.total, session.status?.findings?.counts)
    const before = tree.view.badge
    if (value === 0 ? before === undefined : before?.value === value && before.tooltip === tooltip) return
    tree.view.badge = value === 0 ? undefined : { value, tooltip }
  }
  return vscode.Disposable.from(
    tree,
    badges,
    session.onStatus(update),
    labels.onChange(update),
    unread.onSeen(update),
  )
}

/** Errors that the user has not seen, and findings. */
function badgeOf(unread: number, findings: FindingCounts | undefined): vscode.ViewBadge {
  return {
    value: unread + (findings === undefined ? 0 : totalOf(findings)),
    tooltip: [
      ...(unread > 0 ? [unreadText(unread)] : []),
      ...(findings === undefined ? [] : [findingsBySeverity(findings)]),
    ].join('\n'),
  }
}

/** A badge of a connection, and its theme color. */
interface ShownBadge extends vscode.ViewBadge {
  readonly color: string | undefined
}

/** The number of unread errors and findings behind the name of each connection. */
class ConnectionBadges implements vscode.FileDecorationProvider {
  readonly #session: LiveSession
  readonly #unread: UnreadErrors
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>()
  readonly onDidChangeFileDecorations = this.#changed.event
  readonly #registration = vscode.window.registerFileDecorationProvider(this)
  #shown = new Map<number, ShownBadge>()

  constructor(session: LiveSession, unread: UnreadErrors) {
    this.#session = session
    this.#unread = unread
  }

  provideFileDecoration({ scheme, path }: vscode.Uri): vscode.FileDecoration | undefined {
    const badge = scheme === CONNECTION_SCHEME ? this.#shown.get(Number(path.slice(1))) : undefined
    if (badge === undefined) return undefined
    const { value, tooltip, color } = badge
    const text = value > MAX_BADGE ? `${MAX_BADGE}+` : String(value)
    return new vscode.FileDecoration(
      text,
      tooltip,
      color === undefined ? undefined : new vscode.ThemeColor(color),
    )
  }

  update(): void {
    const before = this.#shown
    this.#shown = new Map(
      this.#session.connections
        .map((status) => [status.id, this.#badgeOf(status)] as const)
        .filter(([, { value }]) => value > 0),
    )
    const ids = new Set([...before.keys(), ...this.#shown.keys()])
    const changed = [...ids].filter((id) => {
      const [was, is] = [before.get(id), this.#shown.get(id)]
      return was?.tooltip !== is?.tooltip || was?.color !== is?.color
    })
    if (changed.length > 0)
      this.#changed.fire(changed.map((id) => vscode.Uri.parse(`${CONNECTION_SCHEME}:/${id}`)))
  }

  #badgeOf(status: ConnectionStatus): ShownBadge {
    const { findings } = status
    const unread = this.#unread.of(status)
    const isError = unread > 0 || (findings?.error ?? 0) > 0
    const isWarning = (findings?.warning ?? 0) > 0
    return {
      ...badgeOf(unread, findings),
      color: isError ? 'list.errorForeground' : isWarning ? 'list.warningForeground' : undefined,
    }
  }

  dispose(): void {
    this.#registration.dispose()
    this.#changed.dispose()
  }
}
