/** The status bar item of recording proxies: where they listen. */

import * as vscode from 'vscode'
import { proxyUrl } from '../../shared/proxy-url.ts'
import type { CommandId } from '../contributions.ts'
import { nameOf, type Proxies } from '../proxy/proxies.ts'

const COMMAND: CommandId = 'realtimeInspector.showProxies'

/** Shows the item while a recording proxy runs. */
export function showProxiesItem(proxies: Proxies): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'realtimeInspector.statusProxies',
    vscode.StatusBarAlignment.Left,
  )
  item.name = vscode.l10n.t('Realtime Inspector: Recording Proxies')
  item.command = COMMAND
  const update = () => {
    const { all } = proxies
    if (all.length === 0) {
      item.hide()
      return
    }
    const ports = all.map(({ listening }) => `:${new URL(listening).port}`).join(' ')
    item.text = `$(arrow-swap) ${ports}`
    item.tooltip = [
      vscode.l10n.t('Recording proxies:'),
      ...all.map((proxy) => `${proxyUrl(proxy)} → ${nameOf(proxy)}`),
    ].join('\n')
    item.accessibilityInformation = {
      label: vscode.l10n.t('Realtime Inspector: recording proxy on {0}', ports),
    }
    item.show()
  }
  update()
  return vscode.Disposable.from(item, proxies.onChange(update))
}
