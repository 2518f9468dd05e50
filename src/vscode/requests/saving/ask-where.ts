/** Asks into which file a request is saved, and under which name. */
import * as vscode from 'vscode'
import { extensionOf } from '../../files/file-names.ts'
import { askChoice, askText } from '../../ui/asking.ts'
import { cancelled } from '../../ui/notifier.ts'
import { type IndexedFile, isRequestFile, type RequestIndex } from '../request-index.ts'

const TITLE = vscode.l10n.t('Save as Request')

/** Asks for a file of requests: one of the workspace, or another one, which may not exist. Rejects with `CANCELLED`. */
export async function askRequestFile(index: RequestIndex, title = TITLE): Promise<vscode.Uri> {
  const files = await index.files()
  if (files.length === 0) return await askNewFile(title)
  const items = [
    ...files.map(({ uri, path, names }) => ({
      label: `$(file) ${path}`,
      description: names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : ''),
      uri,
    })),
    { label: vscode.l10n.t('$(new-file) A new file…'), uri: undefined },
  ]
  const chosen = await askChoice(items, {
    title,
    placeHolder: vscode.l10n.t('Select the file for the request'),
    matchOnDescription: true,
  })
  if (chosen === undefined) throw cancelled()
  return chosen.uri ?? (await askNewFile(title))
}

async function askNewFile(title: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const uri = await vscode.window.showSaveDialog({
    title,
    filters: { [vscode.l10n.t('Requests')]: ['http', 'rest'] },
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, 'requests.http') }),
  })
  if (uri === undefined) throw cancelled()
  return isRequestFile(uri) || extensionOf(uri) !== '' ? uri : uri.with({ path: `${uri.path}.http` })
}

/** The name, with a number after it if it is taken. */
export function freeName(names: readonly string[], proposed: string): string {
  const taken = new Set(names)
  let name = proposed
  for (let n = 2; taken.has(name); n++) name = `${proposed} ${n}`
  return name
}

/** Asks for a name that no request of the file has. Rejects with `CANCELLED`. */
export async function askName({ names }: IndexedFile, proposed: string): Promise<string> {
  const taken = new Set(names)
  const value = freeName(names, proposed)
  const name = await askText({
    title: TITLE,
    prompt: vscode.l10n.t('The name of the request'),
    value,
    validateInput: (typed) => {
      if (typed.trim() === '') return vscode.l10n.t('Enter a name.')
      return taken.has(typed.trim())
        ? vscode.l10n.t('The file has a request with this name. Choose another one.')
        : undefined
    },
  })
  return name.trim()
}
