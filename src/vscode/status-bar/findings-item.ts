/** The status bar item of findings: how many there are in the recording of the active editor, or in the live session. */
import * as vscode from 'vscode'
import type { CommandId } from '../contributions.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { findingCount, findingsBySeverity, totalOf } from '../ui/counts.ts'

const COMMAND: CommandId = 'realtimeInspector.diagnose'

export function showFindingsItem(session: LiveSession, recordings: OpenRecordings): vscode.Disposable {
  const item = vscode.window.createStatusBarItem(
    'realtimeInspector.statusFindings',
    vscode.StatusBarAlignment.Right,
  )
  item.name = vscode.l10n.t('Realtime Inspector: Findings')
  item.command = COMMAND
  const update = () => {
    const { counts } = (recordings.active ?? session).status?.findings ?? {}
    if (counts === undefined || totalOf(counts) === 0) {
      item.hide()
      return
    }
    item.text = `$(lightbulb) ${findingCount(totalOf(counts))}`
    item.tooltip = [findingsBySeverity(counts), vscode.l10n.t('Click to show them.')].join('\n')
    item.show()
  }
  update()
  return vscode.Disposable.from(
    item,
    session.onStatus(update),
    recordings.onActive(update),
    recordings.onStatus(update),
  )
}
