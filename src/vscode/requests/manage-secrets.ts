/** The list of secrets that requests use: change one, forget one or all. */
import * as vscode from 'vscode'
import { askChoice } from '../ui/asking.ts'
import { cancelled, type Notifier } from '../ui/notifier.ts'
import type { KeptSecret, RequestSecrets } from './request-secrets.ts'

interface Item extends vscode.QuickPickItem {
  run?(): Promise<void>
}

/** Asks which secret, and then what to do with it. Rejects with `CANCELLED`. */
export async function manageSecrets(secrets: RequestSecrets, notifier: Notifier): Promise<void> {
  const own = secrets.names()
  const others = secrets.all().filter((secret) => !secrets.isOwn(secret))
  if (own.length + others.length === 0) {
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
    ...(others.length === 0 ? [] : elsewhere(others, secrets)),
  ]
  const chosen = await askChoice(items, {
    title: vscode.l10n.t('Secrets of Requests'),
    placeHolder: vscode.l10n.t('Values are in the secret storage of the editor, and are never shown.'),
  })
  if (chosen === undefined) throw cancelled()
  await chosen.run?.()
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
function elsewhere(others: readonly KeptSecret[], secrets: RequestSecrets): Item[] {
  return [
    { label: vscode.l10n.t('other workspaces'), kind: vscode.QuickPickItemKind.Separator },
    ...others.map((secret) => ({
      label: vscode.l10n.t('$(trash) Forget {0}', secret.name),
      description: folderOf(secret),
      run: () => secrets.forget(secret),
    })),
  ]
}

function folderOf({ workspace }: KeptSecret): string {
  if (workspace === '') return vscode.l10n.t('without a folder')
  return vscode.workspace.asRelativePath(vscode.Uri.parse(workspace), false)
}
