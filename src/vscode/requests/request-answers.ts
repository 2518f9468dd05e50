/** What a request asks for while it is resolved: secrets, questions, and the environment of the extension's process. */
import * as vscode from 'vscode'
import type { Answers } from '../../request/variables/variables.ts'
import { askText } from '../ui/asking.ts'
import { plainText } from '../ui/untrusted-text.ts'
import type { SignIn } from './oauth2/sign-in.ts'
import type { RequestSecrets } from './request-secrets.ts'

export interface AskedAnswers extends Answers {
  /** The secrets that were used, by their values. */
  readonly used: ReadonlyMap<string, string>
}

/** The answers for one run of the request of that name. They reject with `CANCELLED` if the user cancels. */
export function answersFor(request: string, secrets: RequestSecrets, signIn: SignIn): AskedAnswers {
  const used = new Map<string, string>()
  return {
    used,
    secret: async (name) => {
      const value = await secrets.ask(name, request)
      used.set(value, name)
      return value
    },
    prompt: (question, isSecret) =>
      askText({
        title: plainText(vscode.l10n.t('Run “{0}”', request)),
        prompt: plainText(question),
        password: isSecret,
      }),
    token: async (source) => (await signIn.token(source)).token,
    processEnv: (name) => process.env[name],
  }
}
