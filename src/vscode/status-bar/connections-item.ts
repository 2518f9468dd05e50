/** The status bar item of the live session: open connections, and inbound messages per second. */
import * as vscode from 'vscode'
import type { SessionStatus } from '../../shared/status.ts'
import { formatCount } from '../../shared/text/numbers.ts'
import type { CommandId } from '../contributions.ts'
import type { LiveSession } from '../session/live-session.ts'

const COMMAND: CommandId = 'realtimeInspector.showPanel'

/** Connections in the tooltip. */
const MOST_TOLD = 20

/** Number of open connections, and of inbound messages per second. */
function summary(status: SessionStatus): { readonly open: number; readonly rate: number } {
  const open = status.connections.filter(({ state }) => state === 'open').length
  const rate = status.connections.reduce((sum, connection) => sum + connection.rate, 0)
  return { open, rate }
}

function tooltip(status: SessionStatus, names: ReadonlyMap<number, string>): string {
  const lines = status.connections
    .slice(0, MOST_TOLD)
    .map(
      ({ id, transport, state, rate, error }) =>
        `${names.get(id)} (${transport}): ${state}${rate > 0 ? `, ${Math.round(rate)}/s` : ''}${error === undefined ? '' : `. ${error}`}`,
    )
  const left = status.connections.length - lines.length
  return [
    vscode.l10n.t('Realtime Inspector: click to open the panel'),
    ...lines,
    ...(left > 0 ? [vscode.l10n.t('and {0} more', formatCount(left))] : []),
  ].join('\n')
}

/** Shows the item while the session has connections. */
export function showConnectionsItem(session: LiveSession): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('realtimeInspector.status', vscode.StatusBarAlignment.Left)
  item.name = 'Realtime Inspector'
  item.command = COMMAND
  const update = (status: SessionStatus | undefined) => {
    if (status === undefined || status.connections.length === 0) {
      item.hide()
      return
    }
    const { open, rate } = summary(status)
    item.text = `$(pulse) ${open}${rate > 0 ? ` · ${formatCount(rate)}/s` : ''}`
    item.tooltip = tooltip(status, session.labels.names())
    item.accessibilityInformation = {
      label: vscode.l10n.t('Realtime Inspector: {0} open, {1} messages per second', open, Math.round(rate)),
    }
    item.show()
  }
  update(session.status)
  return vscode.Disposable.from(
    item,
    session.onStatus(update),
    session.labels.onChange(() => update(session.status)),
  )
}
