/** Asks for the secrets of a remembered connection, because they are never stored. */
import * as vscode from 'vscode'
import { fillSecrets } from '../../request/remembered.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { asking } from '../ui/asking.ts'
import { cancelled } from '../ui/notifier.ts'
import { plainText } from '../ui/untrusted-text.ts'

/** Returns the specification with values in place of `***`. Rejects with `CANCELLED`. */
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
