/** The status bar item of the live session: open connections, and inbound messages per second. */
import * as vscode from 'vscode'
import type { SessionStatus } from '../../shared/status.ts'
import type { CommandId } from '../contributions.ts'
import type { LiveSession } from '../session/live-session.ts'
import { formatNumber } from '../ui/counts.ts'

const COMMAND: CommandId = 'realtimeInspector.showPanel'

/** Number of open connections, and of inbound messages per second. */
export function summary(status: SessionStatus): { readonly open: number; readonly rate: number } {
  const open = status.connections.filter(({ state }) => state === 'open').length
  const rate = status.connections.reduce((sum, connection) => sum + connection.rate, 0)
  return { open, rate }
}

function tooltip(status: SessionStatus): string {
  const lines = status.connections.map(
    ({ url, transport, state, rate, error }) =>
      `${transport} ${url}: ${state}${rate > 0 ? `, ${Math.round(rate)}/s` : ''}${error === undefined ? '' : `. ${error}`}`,
  )
  return [vscode.l10n.t('Realtime Inspector: click to open the panel'), ...lines].join('\n')
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
    item.text = `$(pulse) ${open}${rate > 0 ? ` · ${formatNumber(Math.round(rate))}/s` : ''}`
    item.tooltip = tooltip(status)
    item.accessibilityInformation = {
      label: vscode.l10n.t('Realtime Inspector: {0} open, {1} messages per second', open, Math.round(rate)),
    }
    item.show()
  }
  update(session.status)
  return vscode.Disposable.from(item, session.onStatus(update))
}
