/** The status bar item of served sessions: how many clients they have. */
import * as vscode from 'vscode'
import type { CommandId } from '../contributions.ts'
import { describe } from '../serving/server.ts'
import type { Servers } from '../serving/servers.ts'
import { clientCount } from '../ui/counts.ts'

const COMMAND: CommandId = 'realtimeInspector.showServers'

/** Shows the item while a session is served. */
export function showServersItem(servers: Servers): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('realtimeInspector.serving', vscode.StatusBarAlignment.Left)
  item.name = vscode.l10n.t('Realtime Inspector: Served Sessions')
  item.command = COMMAND
  const update = () => {
    const { all } = servers
    if (all.length === 0) {
      item.hide()
      return
    }
    const clients = all.reduce((sum, { state }) => sum + state.clients, 0)
    const text = clientCount(clients)
    item.text = `$(broadcast) ${text}`
    item.tooltip = [
      vscode.l10n.t('Served sessions:'),
      ...all.map((each) => `${each.name}: ${describe(each)}`),
    ].join('\n')
    item.accessibilityInformation = {
      label: vscode.l10n.t('Realtime Inspector serves sessions to {0}', text),
    }
    item.show()
  }
  return vscode.Disposable.from(item, servers.onChange(update))
}
