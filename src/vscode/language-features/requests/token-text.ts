/** What a hover says of a token of OAuth 2. */
import * as vscode from 'vscode'
import { settingsOf } from '../../../request/variables/auth-configuration.ts'
import { Filling } from '../../../request/variables/fill.ts'
import type { Placeholder } from '../../../request/variables/placeholders.ts'
import type { VariableScope } from '../../../request/variables/scope.ts'
import type { Answers } from '../../../request/variables/variables.ts'
import { maskUrl } from '../../../shared/secrets.ts'
import { timeSpan } from '../../../shared/text/quantities.ts'
import type { SignIn } from '../../requests/oauth2/sign-in.ts'

/** Stands for a secret, which says nothing about the token that is kept. */
const STAND_IN = 'secret'

const ANSWERS: Answers = {
  secret: async () => STAND_IN,
  prompt: async () => STAND_IN,
  token: async () => STAND_IN,
  processEnv: (name) => process.env[name],
}

/** Rejects with a `Failure` if the configuration does not exist or cannot be used. */
export async function tokenText(
  scope: VariableScope,
  placeholder: Placeholder,
  signIn: Pick<SignIn, 'kept'>,
): Promise<{ readonly summary: string; readonly state: string }> {
  const filling = new Filling(scope, ANSWERS)
  const meaning = filling.meaning(placeholder)
  const name = 'asks' in meaning && meaning.asks === 'token' ? meaning.name : ''
  const settings = await settingsOf(scope.auth(name), async (text) => (await filling.fill(text)).text)
  const summary = `${settings['Grant Type']}, ${maskUrl(settings['Token URL'] ?? '')}`
  return { summary, state: stateText(await signIn.kept({ name, settings })) }
}

function stateText(kept: { readonly expiresAt?: number } | undefined): string {
  if (kept === undefined)
    return vscode.l10n.t(
      'No token is kept. One is requested when a request needs it, and renewed before each attempt.',
    )
  if (kept.expiresAt === undefined)
    return vscode.l10n.t('A token is kept. The server did not say when it expires.')
  const left = kept.expiresAt - Date.now()
  return left > 0
    ? vscode.l10n.t('A token is kept. It expires in {0}, and is renewed before that.', timeSpan(left))
    : vscode.l10n.t('A token is kept that has expired. It is renewed when a request needs it.')
}
