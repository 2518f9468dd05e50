/** Asks whether a command that is about to be copied may have its secrets. */
import * as vscode from 'vscode'
import { asking } from '../ui/asking.ts'

/** Undefined where the user changed their mind; without secrets nothing is asked. */
export async function askToCopySecrets(masked: readonly string[]): Promise<boolean | undefined> {
  if (masked.length === 0) return false
  const chosen = await asking(() =>
    vscode.window.showQuickPick(
      [
        { label: 'Copy with *** in their place', reveal: false },
        { label: 'Copy with the secrets', detail: 'Whoever sees the command can use them', reveal: true },
      ],
      { title: `The command has secrets: ${masked.join(', ')}`, ignoreFocusOut: true },
    ),
  )
  return chosen?.reveal
}
