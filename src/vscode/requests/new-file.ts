/** New files of requests and of environments, with an example to fill in. Nothing is written until the user saves. */
import * as vscode from 'vscode'
import { ENVIRONMENT_FILE } from '../../request/variables/environments.ts'
import { Failure } from '../../shared/failure.ts'
import { exists } from './request-files.ts'

/** Names that are tried for a new file. */
const MAX_NAMES = 100

/** Opens a document `requests.http` with a request to fill in. */
export async function newRequestFile(): Promise<vscode.Uri> {
  const body = new vscode.SnippetString()
    .appendText('### ')
    .appendPlaceholder('Name')
    .appendText('\nWEBSOCKET ')
    .appendPlaceholder('ws://localhost:8080/')
    .appendText('\n\n')
    .appendPlaceholder('{ "type": "hello" }')
    .appendText('\n')
  return await open(await freeName('requests', 'http'), 'http', body)
}

/** Opens `http-client.env.json` beside the file in the active editor, or a new one in the workspace. */
export async function newEnvironmentFile(): Promise<void> {
  const body = new vscode.SnippetString()
    .appendText('{\n  "dev": {\n    "host": "')
    .appendPlaceholder('localhost:8080')
    .appendText('"\n  },\n  "production": {\n    "host": "')
    .appendPlaceholder('example.com')
    .appendText('"\n  }\n}\n')
  await open(vscode.Uri.joinPath(folder(), ENVIRONMENT_FILE), 'json', body)
}

/** Opens a document with a text, which is not saved. */
export async function openNew(
  name: string,
  extension: string,
  language: string,
  text: string,
): Promise<vscode.Uri> {
  const hasFolder = vscode.workspace.workspaceFolders !== undefined
  const target = hasFolder ? await freeName(name, extension) : vscode.Uri.file(`/${name}.${extension}`)
  const document = await vscode.workspace.openTextDocument(target.with({ scheme: 'untitled', authority: '' }))
  await vscode.languages.setTextDocumentLanguage(document, language)
  const edit = new vscode.WorkspaceEdit()
  edit.insert(document.uri, new vscode.Position(0, 0), text)
  await vscode.workspace.applyEdit(edit)
  await vscode.window.showTextDocument(document)
  return document.uri
}

async function open(target: vscode.Uri, language: string, body: vscode.SnippetString): Promise<vscode.Uri> {
  const document = await vscode.workspace.openTextDocument(target.with({ scheme: 'untitled', authority: '' }))
  await vscode.languages.setTextDocumentLanguage(document, language)
  const editor = await vscode.window.showTextDocument(document)
  if (document.getText() === '') await editor.insertSnippet(body)
  return document.uri
}

/** Beside the file in the active editor, else in the workspace. Throws a `Failure` `NO_FOLDER`. */
function folder(): vscode.Uri {
  const active = vscode.window.activeTextEditor?.document.uri
  const workspace = active === undefined ? undefined : vscode.workspace.getWorkspaceFolder(active)?.uri
  if (active !== undefined && workspace !== undefined) return vscode.Uri.joinPath(active, '..')
  const first = vscode.workspace.workspaceFolders?.[0]?.uri
  if (first !== undefined) return first
  throw new Failure('NO_FOLDER', vscode.l10n.t('Request files need a folder. Open a folder and try again.'))
}

/** A name in the folder that no file has. */
async function freeName(name: string, extension: string): Promise<vscode.Uri> {
  const parent = folder()
  for (let n = 1; n <= MAX_NAMES; n++) {
    const uri = vscode.Uri.joinPath(parent, `${n === 1 ? name : `${name}-${n}`}.${extension}`)
    if (!(await exists(uri))) return uri
  }
  throw new Failure('NO_NAME', vscode.l10n.t('The folder has too many files named {0}. Rename some.', name))
}
