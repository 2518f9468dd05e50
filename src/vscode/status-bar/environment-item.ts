/** The status bar item of the environment that is chosen for requests. */
import * as vscode from 'vscode'
import type { CommandId } from '../contributions.ts'
import type { Environments } from '../requests/environments.ts'
import { isRequestDocument } from '../requests/request-index.ts'
import type { Notifier } from '../ui/notifier.ts'

const COMMAND: CommandId = 'realtimeInspector.selectEnvironment'

/** Shows the item while a file of requests is in the active editor, or the workspace has environments. */
export function showEnvironmentItem(environments: Environments, notifier: Notifier): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'realtimeInspector.statusEnvironment',
    vscode.StatusBarAlignment.Right,
  )
  item.name = vscode.l10n.t('Realtime Inspector: Environment of Requests')
  item.command = COMMAND
  let names: ReadonlySet<string> = new Set()
  const draw = () => {
    const { chosen } = environments
    const document = vscode.window.activeTextEditor?.document
    if (names.size === 0 && (document === undefined || !isRequestDocument(document))) {
      item.hide()
      return
    }
    const known = chosen !== undefined && names.has(chosen)
    const shown = known ? chosen : vscode.l10n.t('No environment')
    item.text = `$(server-environment) ${shown}`
    item.tooltip = vscode.l10n.t('The environment in which requests run. Click to select another one.')
    item.accessibilityInformation = { label: vscode.l10n.t('Environment of requests: {0}', shown) }
    item.show()
  }
  const update = async () => {
    names = new Set((await environments.list()).map(({ name }) => name))
    draw()
  }
  const look = () => {
    update().catch((error) => notifier.failure(error))
  }
  look()
  return vscode.Disposable.from(
    item,
    environments.onChange(look),
    vscode.window.onDidChangeActiveTextEditor(draw),
  )
}
