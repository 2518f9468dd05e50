/** Fixes for what is marked in documents with requests. */
import * as vscode from 'vscode'
import type { RequestFile } from '../../../request/file/request-file.ts'
import { newEnvironmentFile, variableInsertion } from '../../../request/language/environment-edits.ts'
import { nearReplacement, variableLineOffset } from '../../../request/language/fixes.ts'
import { SHARED } from '../../../request/variables/environment-file.ts'
import { ENVIRONMENT_FILE } from '../../../request/variables/environments.ts'
import { nearMatch } from '../../../request/variables/near-match.ts'
import { placeholdersIn } from '../../../request/variables/placeholders.ts'
import type { CommandId } from '../../contributions.ts'
import { documentOf, uriAt } from '../../requests/request-files.ts'
import type { RequestIndex } from '../../requests/request-index.ts'
import { SOURCE } from './diagnostics.ts'
import { REQUEST_DOCUMENTS, readDocument } from './request-documents.ts'
import { type ScopeOptions, scopeOf } from './scopes.ts'

export interface ActionOptions extends ScopeOptions {
  readonly index: Pick<RequestIndex, 'ofDocument'>
}

export function registerCodeActions(options: ActionOptions): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    REQUEST_DOCUMENTS,
    {
      provideCodeActions: async (document, _, { diagnostics }) => {
        const file = readDocument(options.index, document)
        if (file === undefined) return []
        const own = diagnostics.filter(({ source }) => source === SOURCE)
        const actions = await Promise.all(own.map((each) => fixes(options, document, file, each)))
        return actions.flat()
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  )
}

async function fixes(
  options: ActionOptions,
  document: vscode.TextDocument,
  file: RequestFile,
  diagnostic: vscode.Diagnostic,
): Promise<vscode.CodeAction[]> {
  switch (diagnostic.code) {
    case 'UNKNOWN_VARIABLE':
      return await variableFixes(options, document, file, diagnostic)
    case 'LITERAL_SECRET':
      return [moveAction(document, diagnostic)]
    default: {
      const span = {
        start: document.offsetAt(diagnostic.range.start),
        end: document.offsetAt(diagnostic.range.end),
      }
      const near = nearReplacement(file, { code: String(diagnostic.code), ...span })
      return near === undefined ? [] : [replaceAction(document, diagnostic, near.text)]
    }
  }
}

function action(diagnostic: vscode.Diagnostic, title: string, isPreferred = false): vscode.CodeAction {
  const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix)
  made.diagnostics = [diagnostic]
  made.isPreferred = isPreferred
  return made
}

function replaceAction(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  text: string,
): vscode.CodeAction {
  const made = action(diagnostic, vscode.l10n.t('Change to {0}', text), true)
  made.edit = new vscode.WorkspaceEdit()
  made.edit.replace(document.uri, diagnostic.range, text)
  return made
}

function moveAction({ uri }: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const title = vscode.l10n.t('Move to Secret…')
  const made = action(diagnostic, title, true)
  const command: CommandId = 'realtimeInspector.moveToSecret'
  made.command = { title, command, arguments: [uri, diagnostic.range] }
  return made
}

async function variableFixes(
  options: ActionOptions,
  document: vscode.TextDocument,
  file: RequestFile,
  diagnostic: vscode.Diagnostic,
): Promise<vscode.CodeAction[]> {
  const [placeholder] = placeholdersIn(document.getText(diagnostic.range))
  if (placeholder === undefined || placeholder.name.startsWith('$')) return []
  const { name } = placeholder
  const scope = await scopeOf(options, document.uri, file)
  const near = nearMatch(name, scope.names())
  const define = action(diagnostic, vscode.l10n.t('Define {0} in This File', name))
  define.edit = new vscode.WorkspaceEdit()
  const line = document.positionAt(variableLineOffset(file))
  define.edit.set(document.uri, [
    vscode.SnippetTextEdit.insert(line, new vscode.SnippetString(`@${name} = $0\n`)),
  ])
  const environments = scope.sources.environments
  const path = environments?.files.find(({ source }) => source === 'environment')?.path
  const environment = scope.sources.environment ?? environments?.names[0]?.name ?? SHARED
  const add = document.isUntitled
    ? undefined
    : await environmentFix(diagnostic, document, path, environment, name)
  return [
    ...(near === undefined ? [] : [replaceAction(document, diagnostic, `{{${near}}}`)]),
    define,
    ...(add === undefined ? [] : [add]),
  ]
}

/** Adds the variable to the file of environments, or makes one beside the document. */
async function environmentFix(
  diagnostic: vscode.Diagnostic,
  document: vscode.TextDocument,
  path: string | undefined,
  environment: string,
  name: string,
): Promise<vscode.CodeAction | undefined> {
  const uri = path === undefined ? vscode.Uri.joinPath(document.uri, '..', ENVIRONMENT_FILE) : uriAt(path)
  const title = vscode.l10n.t('Add {0} to {1} ({2})', name, ENVIRONMENT_FILE, environment)
  const made = action(diagnostic, title)
  made.edit = new vscode.WorkspaceEdit()
  made.command = { title, command: 'vscode.open', arguments: [uri] }
  if (path === undefined) {
    made.edit.createFile(uri, {
      ignoreIfExists: true,
      contents: new TextEncoder().encode(newEnvironmentFile(environment, name)),
    })
    return made
  }
  const target = documentOf(uri) ?? (await vscode.workspace.openTextDocument(uri))
  const insertion = variableInsertion(target.getText(), environment, name)
  if (insertion === undefined) return undefined
  const { offset, text } = insertion
  made.edit.insert(uri, target.positionAt(offset), text)
  return made
}
