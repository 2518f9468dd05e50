/** The status bar item of unsaved sessions: how many there are, for as long as there are any. */
import * as vscode from 'vscode'
import type { CommandId } from '../contributions.ts'
import type { UnsavedSessions } from '../session/unsaved-sessions.ts'

const COMMAND: CommandId = 'realtimeInspector.recoverSession'

export function showUnsavedItem(unsaved: UnsavedSessions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'realtimeInspector.statusUnsaved',
    vscode.StatusBarAlignment.Left,
  )
  item.name = 'Realtime Inspector: Unsaved Sessions'
  item.command = COMMAND
  const update = () => {
    const running = unsaved.all.filter(({ isRunning }) => isRunning).length
    const left = unsaved.all.length - running
    if (left + running === 0) {
      item.hide()
      return
    }
    item.text = left > 0 ? `$(warning) ${sessions(left)} unsaved` : `$(pulse) ${sessions(running)} elsewhere`
    item.tooltip = [
      ...(left > 0 ? [`${sessions(left)} ended before being saved.`] : []),
      ...(running > 0
        ? [
            `${sessions(running)} of this folder still captured elsewhere: by another window, or by one that lost its connection.`,
          ]
        : []),
      'Click to see what can be done.',
    ].join('\n')
    if (left > 0) item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground')
    else item.backgroundColor = undefined
    item.show()
  }
  update()
  return vscode.Disposable.from(item, unsaved.onChange(update))
}

function sessions(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`
}
