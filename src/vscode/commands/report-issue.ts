/** Opens VS Code's form for issues with versions and the end of the log. Nothing is sent before the user sends it there. */
import { arch, release, type } from 'node:os'
import * as vscode from 'vscode'
import { EXTENSION_ID } from '../contributions.ts'
import type { Notifier } from '../ui/notifier.ts'
import type { RecentLog } from '../ui/recent-log.ts'
import { issueText } from './issue-text.ts'

export interface ReportOptions {
  readonly version: string
  readonly recentLog: RecentLog
  readonly notifier: Notifier
}

/** Without a form, as in some editors built on VS Code, copies the text. */
export async function reportIssue({ version, recentLog, notifier }: ReportOptions): Promise<void> {
  const versions = {
    extension: version,
    editor: `${vscode.env.appName} ${vscode.version}`,
    node: process.versions.node,
    system: `${type()} ${release()} ${arch()}`,
    remote: vscode.env.remoteName,
  }
  const text = issueText(versions, recentLog.lines)
  try {
    await vscode.commands.executeCommand('workbench.action.openIssueReporter', {
      extensionId: EXTENSION_ID,
      issueBody: text,
    })
  } catch {
    await vscode.env.clipboard.writeText(text)
    notifier.info(
      vscode.l10n.t(
        'This editor has no form for issues. The report is in the clipboard: paste it where you report issues.',
      ),
    )
  }
}
