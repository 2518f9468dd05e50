/** Asks for the secrets of a remembered connection, which were never stored. */
import * as vscode from 'vscode'
import { fillSecrets } from '../../request/remembered.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { asking } from '../ui/asking.ts'
import { cancelled } from '../ui/notifier.ts'
import { plainText } from '../ui/untrusted-text.ts'

/** The spec with what was `***` filled in. Rejects with `CANCELLED` where the user gives up. */
export function askSecrets(spec: ConnectionSpec): Promise<ConnectionSpec> {
  return fillSecrets(spec, async (name) => {
    const answer = await asking(() =>
      vscode.window.showInputBox({
        title: vscode.l10n.t('Connect to {0}', spec.url),
        prompt: plainText(
          vscode.l10n.t('Secrets are not stored: enter {0} again, or leave this empty to omit it.', name),
        ),
        password: name !== 'request body',
        ignoreFocusOut: true,
      }),
    )
    if (answer === undefined) throw cancelled()
    return answer
  })
}
