/** The quick pick of environments, with the secrets that are kept. */
import * as vscode from 'vscode'
import { ENVIRONMENT_FILE } from '../../request/variables/environments.ts'
import { askChoice } from '../ui/asking.ts'
import { cancelled, type Notifier } from '../ui/notifier.ts'
import { type Environments, isEnvironmentFile } from './environments.ts'
import { manageSecrets } from './manage-secrets.ts'
import { newEnvironmentFile } from './new-file.ts'
import type { RequestTokens } from './oauth2/request-tokens.ts'
import { isRequestDocument } from './request-index.ts'
import type { RequestSecrets } from './request-secrets.ts'

export interface EnvironmentChoice {
  readonly environments: Environments
  readonly secrets: RequestSecrets
  readonly tokens: RequestTokens
  readonly notifier: Notifier
}

interface Item extends vscode.QuickPickItem {
  run?(): Promise<void>
}

/** The file of requests in the active editor; undefined for another one. */
export function activeRequestFile(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document
  return document !== undefined && isRequestDocument(document) ? document.uri : undefined
}

/** The file of environments in the active editor: those of its folder can be chosen without a search. */
function activeEnvironmentFile(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri
  return uri !== undefined && isEnvironmentFile(uri) ? uri : undefined
}

/** Asks for an environment: of the file in the active editor if it has some, else of the workspace. */
export async function chooseEnvironment({
  environments,
  secrets,
  tokens,
  notifier,
}: EnvironmentChoice): Promise<void> {
  const { chosen: current } = environments
  const listed = await environments.listFor(activeRequestFile() ?? activeEnvironmentFile())
  const item = (name: string | undefined, label: string, description: string): Item => ({
    label: `${name === current ? '$(check)' : '$(blank)'} ${label}`,
    description,
    run: () => environments.choose(name),
  })
  const kept = secrets.names()
  const items: Item[] = [
    ...listed.map(({ name, description, asksFirst }) =>
      item(
        name,
        name,
        [description, asksFirst ? vscode.l10n.t('asks first') : ''].filter(Boolean).join(', '),
      ),
    ),
    ...(listed.length === 0
      ? [
          {
            label: `$(add) ${vscode.l10n.t('Create {0}…', ENVIRONMENT_FILE)}`,
            description: vscode.l10n.t('values such as the host, for each environment'),
            run: newEnvironmentFile,
          },
        ]
      : [
          item(undefined, vscode.l10n.t('No environment'), vscode.l10n.t('only what all environments share')),
        ]),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(lock) ${kept.length === 0 ? vscode.l10n.t('Secrets kept: none') : vscode.l10n.t('Secrets kept: {0}', kept.join(', '))}`,
      description: vscode.l10n.t('Manage…'),
      run: () => manageSecrets(secrets, tokens, notifier),
    },
  ]
  const chosen = await askChoice(items, { title: vscode.l10n.t('Environment'), matchOnDescription: true })
  if (chosen === undefined) throw cancelled()
  await chosen.run?.()
}
