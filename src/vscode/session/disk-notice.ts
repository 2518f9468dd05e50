/** Notifies the user if payloads of the live session cannot be written to disk. */
import * as vscode from 'vscode'
import type { Notifier } from '../ui/notifier.ts'
import type { LiveSession } from './live-session.ts'

/** Notifies once each time the disk starts to fail. */
export function noticeDisk(session: LiveSession, notifier: Notifier): vscode.Disposable {
  let isFailing = false
  return session.onStatus((status) => {
    const failure = status?.disk?.failure
    if (failure !== undefined && !isFailing)
      notifier.error(failure, {
        title: vscode.l10n.t('Open Setting'),
        run: () =>
          vscode.commands.executeCommand('workbench.action.openSettings', 'realtimeInspector.whenDiskFull'),
      })
    isFailing = failure !== undefined
  })
}
