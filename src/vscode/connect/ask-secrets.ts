/** Asks for the secrets of a remembered connection that are not kept. */
import * as vscode from 'vscode'
import { BODY, fillSecrets } from '../../request/remembered.ts'
import { knownOr, type SecretValues } from '../../request/secret-values.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { askText } from '../ui/asking.ts'
import { plainText } from '../ui/untrusted-text.ts'

/** Returns the specification with values in place of `***`: the known ones, else the user's. Rejects with `CANCELLED`. */
export function askSecrets(spec: ConnectionSpec, known: SecretValues = {}): Promise<ConnectionSpec> {
  const ask = (name: string) =>
    askText({
      title: vscode.l10n.t('Connect to {0}', spec.url),
      prompt: plainText(
        vscode.l10n.t('Enter {0} again (it was not saved). Leave this empty to send none.', name),
      ),
      password: name !== BODY,
    })
  return fillSecrets(spec, knownOr(known, ask))
}
