/** The list of secrets that requests use: change one, forget one or all. */
import * as vscode from 'vscode'
import { askChoice } from '../ui/asking.ts'
import { cancelled, type Notifier } from '../ui/notifier.ts'
import type { KeptTokens, RequestTokens } from './oauth2/request-tokens.ts'
import type { KeptSecret, RequestSecrets } from './request-secrets.ts'

interface Item extends vscode.QuickPickItem {
  run?(): Promise<void>
}

/** Asks which secret, and then what to do with it. Rejects with `CANCELLED`. */
export async function manageSecrets(
  secrets: RequestSecrets,
  tokens: RequestTokens,
  notifier: Notifier,
): Promise<void> {
  const own = secrets.names()
  const others = secrets.all().filter((secret) => !secrets.isOwn(secret))
  const signedIn = tokens.all()
  if (own.length + others.length + signedIn.length === 0) {
    notifier.info(
      vscode.l10n.t(
        'No secret is kept. Write {0} in a request, and you are asked for its value when the request runs.',
        '{{$secret NAME}}',
      ),
    )
    return
  }
  const items: Item[] = [
    ...own.map((name) => ({
      label: `$(lock) ${name}`,
      run: () => changeOrForget(name, secrets),
    })),
    ...(own.length === 0 ? [] : [forgetAll(secrets)]),
    ...signedIn.filter((each) => tokens.isOwn(each)).map((each) => signOut(each, tokens)),
    ...elsewhere(others, secrets, tokens),
  ]
  const chosen = await askChoice(items, {
    title: vscode.l10n.t('Secrets of Requests'),
    placeHolder: vscode.l10n.t('Values are in the secret storage of the editor, and are never shown.'),
  })
  if (chosen === undefined) throw cancelled()
  await chosen.run?.()
}

/** Forgets tokens. The authorization server still knows them until they expire. */
function signOut(kept: KeptTokens, tokens: RequestTokens): Item {
  return {
    label: vscode.l10n.t('$(sign-out) Sign out of {0}', tokens.nameOf(kept)),
    detail: vscode.l10n.t('Forgets the tokens of OAuth 2. They stay valid on the server until they expire.'),
    run: () => tokens.forget(kept),
  }
}

async function changeOrForget(name: string, secrets: RequestSecrets): Promise<void> {
  const items: Item[] = [
    { label: vscode.l10n.t('$(edit) Change…'), run: () => secrets.change(name) },
    { label: vscode.l10n.t('$(trash) Forget'), run: () => secrets.forget(name) },
  ]
  const chosen = await askChoice(items, { title: vscode.l10n.t('Secret {0}', name) })
  if (chosen === undefined) throw cancelled()
  await chosen.run?.()
}

function forgetAll(secrets: RequestSecrets): Item {
  return {
    label: vscode.l10n.t('$(trash) Forget all of them'),
    run: async () => {
      const forget = vscode.l10n.t('Forget')
      const chosen = await vscode.window.showWarningMessage(
        vscode.l10n.t('Forget the secrets of this workspace?'),
        { modal: true, detail: secrets.names().join(', ') },
        forget,
      )
      if (chosen !== forget) throw cancelled()
      await secrets.forgetAll()
    },
  }
}

/** Secrets of other workspaces can only be forgotten, for example because their folder does not exist any more. */
function elsewhere(others: readonly KeptSecret[], secrets: RequestSecrets, tokens: RequestTokens): Item[] {
  const signedIn = tokens.all().filter((each) => !tokens.isOwn(each))
  if (others.length + signedIn.length === 0) return []
  return [
    { label: vscode.l10n.t('other workspaces'), kind: vscode.QuickPickItemKind.Separator },
    ...others.map((secret) => ({
      label: vscode.l10n.t('$(trash) Forget {0}', secret.name),
      description: folderOf(secret),
      run: () => secrets.forget(secret),
    })),
    ...signedIn.map((each) => ({ ...signOut(each, tokens), description: folderOf(each) })),
  ]
}

function folderOf({ workspace }: Pick<KeptSecret, 'workspace'>): string {
  if (workspace === '') return vscode.l10n.t('without a folder')
  return vscode.workspace.asRelativePath(vscode.Uri.parse(workspace), false)
}
