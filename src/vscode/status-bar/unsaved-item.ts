/** The status bar item of unsaved sessions: how many there are. */
import * as vscode from 'vscode'
import type { CommandId } from '../contributions.ts'
import type { UnsavedSessions } from '../session/unsaved-sessions.ts'
import { sessionCount } from '../ui/counts.ts'

const COMMAND: CommandId = 'realtimeInspector.recoverSession'

export function showUnsavedItem(unsaved: UnsavedSessions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'realtimeInspector.statusUnsaved',
    vscode.StatusBarAlignment.Left,
  )
  item.name = vscode.l10n.t('Realtime Inspector: Unsaved Sessions')
  item.command = COMMAND
  const update = () => {
    const running = unsaved.all.filter(({ isRunning }) => isRunning).length
    const left = unsaved.all.length - running
    if (left + running === 0) {
      item.hide()
      return
    }
    item.text =
      left > 0
        ? `$(warning) ${vscode.l10n.t('{0} unsaved', sessionCount(left))}`
        : `$(pulse) ${vscode.l10n.t('{0} in another window', sessionCount(running))}`
    item.tooltip = [
      ...(left > 0 ? [vscode.l10n.t('Ended without being saved: {0}.', sessionCount(left))] : []),
      ...(running > 0
        ? [
            vscode.l10n.t(
              'Still being captured by another window with this folder, or by one that lost its connection: {0}.',
              sessionCount(running),
            ),
          ]
        : []),
      vscode.l10n.t('Click to open or save them.'),
    ].join('\n')
    if (left > 0) item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground')
    else item.backgroundColor = undefined
    item.show()
  }
  update()
  return vscode.Disposable.from(item, unsaved.onChange(update))
}
