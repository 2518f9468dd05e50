/** Completion in documents with requests. */
import * as vscode from 'vscode'
import type { RequestFile, Span } from '../../../request/file/request-file.ts'
import { requestAround } from '../../../request/file/request-names.ts'
import { settingOf } from '../../../request/file/settings.ts'
import {
  type Completion,
  type CompletionSources,
  completionsAt,
} from '../../../request/language/completions.ts'
import { type Place, placeAt } from '../../../request/language/place.ts'
import type { VariableScope } from '../../../request/variables/scope.ts'
import type { Variable } from '../../../request/variables/variables.ts'
import { Failure } from '../../../shared/failure.ts'
import { shortened } from '../../../shared/text/shortened.ts'
import { pathOf, REQUEST_FILES, uriAt } from '../../requests/request-files.ts'
import type { RequestIndex } from '../../requests/request-index.ts'
import type { RequestSecrets } from '../../requests/request-secrets.ts'
import { REQUEST_DOCUMENTS, rangeOf, readDocument } from './request-documents.ts'
import { type ScopeOptions, scopeOf } from './scopes.ts'

export interface CompletionOptions extends ScopeOptions {
  readonly index: Pick<RequestIndex, 'ofDocument'>
  readonly requestSecrets: Pick<RequestSecrets, 'names'>
}

const KINDS: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  method: vscode.CompletionItemKind.Method,
  header: vscode.CompletionItemKind.Field,
  option: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  variable: vscode.CompletionItemKind.Variable,
  secret: vscode.CompletionItemKind.Constant,
  separator: vscode.CompletionItemKind.Keyword,
  snippet: vscode.CompletionItemKind.Snippet,
}

/** What begins something that can be completed. */
const TRIGGERS = ['{', '$', '@', '=', '<', '/', ' ', ':', '?']
/** Files of a folder that are offered. */
const MAX_FILES = 500
const MAX_VALUE = 80
export const HIDDEN = '•••'

export function registerCompletion(options: CompletionOptions): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(
    REQUEST_DOCUMENTS,
    {
      provideCompletionItems: async (document, position, token) => {
        const file = readDocument(options.index, document)
        if (file === undefined) return undefined
        const offset = document.offsetAt(position)
        const place = placeAt(file, offset)
        if (place === undefined) return undefined
        const path = pathAt(place)
        if (path !== undefined) return await filesFor(document, path, position)
        const known =
          place.kind === 'placeholder'
            ? await variablesAt(options, document, file, offset)
            : { variables: [], auths: [] }
        if (token.isCancellationRequested) return undefined
        return completionsAt(file, offset, { ...known, secrets: options.requestSecrets.names() }).map(
          (each, at) => itemOf(document, each, at),
        )
      },
    },
    ...TRIGGERS,
  )
}

function itemOf(document: vscode.TextDocument, completion: Completion, at: number): vscode.CompletionItem {
  const { kind, label, detail, about, insert, isSnippet, goesOn, span } = completion
  const item = new vscode.CompletionItem(label, KINDS[kind])
  item.detail = detail
  if (about !== undefined) item.documentation = new vscode.MarkdownString(about)
  item.range = rangeOf(document, span)
  item.insertText = isSnippet ? new vscode.SnippetString(insert) : insert
  // In the order in which they are given.
  item.sortText = String(at).padStart(5, '0')
  if (goesOn) item.command = { command: 'editor.action.triggerSuggest', title: '' }
  return item
}

/** The variables of the request, with their values as far as they may be seen, and the configurations of OAuth 2. */
async function variablesAt(
  options: CompletionOptions,
  document: vscode.TextDocument,
  file: RequestFile,
  offset: number,
): Promise<Pick<CompletionSources, 'variables' | 'auths'>> {
  const request = requestAround(file, offset)
  const setByMessages = file.requests.flatMap(({ values }) => values.map(({ name }) => name.text))
  const scope = await knownScope(scopeOf(options, document.uri, file, request))
  const known = (scope?.all() ?? []).map((each) => ({ name: each.name, detail: valueText(each) }))
  const others = [...new Set(setByMessages)].filter((name) => scope?.definition(name) === undefined)
  const auths = [...(scope?.auths().values() ?? [])].map(({ name, fields }) => ({
    name,
    detail: String(fields.get('Grant Type')?.value ?? 'OAuth 2'),
  }))
  return {
    variables: [
      ...known,
      ...others.map((name) => ({ name, detail: vscode.l10n.t('set by a message (# @set)') })),
    ],
    auths,
  }
}

/** The scope; undefined if it cannot be made, which diagnostics say. */
async function knownScope(scope: Promise<VariableScope>): Promise<VariableScope | undefined> {
  try {
    return await scope
  } catch (thrown) {
    if (thrown instanceof Failure) return undefined
    throw thrown
  }
}

/** The value of a variable as it may be seen. */
export function valueText({ value, isSecret, problem }: Variable): string {
  if (isSecret) return HIDDEN
  if (problem !== undefined) return problem.message
  return shortened(value, MAX_VALUE)
}

/** The path at a place: after `<`, or of an option. */
function pathAt(place: Place): Span | undefined {
  if (place.kind === 'path') return place.span
  return place.kind === 'option-value' && settingOf(place.option)?.isPath ? place.span : undefined
}

/** The files and folders in the folder that is typed. */
async function filesFor(
  document: vscode.TextDocument,
  span: Span,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  if (document.isUntitled) return []
  const start = document.positionAt(span.start)
  const typed = document.getText(new vscode.Range(start, position))
  if (typed.includes('{{')) return []
  const slash = typed.lastIndexOf('/') + 1
  const folder = uriAt(REQUEST_FILES.resolve(pathOf(document.uri), typed.slice(0, slash) || '.'))
  const range = new vscode.Range(start.translate(0, slash), document.positionAt(span.end))
  return (await entriesOf(folder)).slice(0, MAX_FILES).map(([name, type]) => {
    const isFolder = (type & vscode.FileType.Directory) !== 0
    const item = new vscode.CompletionItem(
      name,
      isFolder ? vscode.CompletionItemKind.Folder : vscode.CompletionItemKind.File,
    )
    item.range = range
    item.insertText = `${slash === 0 ? './' : ''}${name}${isFolder ? '/' : ''}`
    item.filterText = name
    item.sortText = `${isFolder ? 1 : 0}${name}`
    if (isFolder) item.command = { command: 'editor.action.triggerSuggest', title: '' }
    return item
  })
}

/** What is in a folder; nothing if there is no such folder. */
async function entriesOf(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder)
  } catch (thrown) {
    if (thrown instanceof vscode.FileSystemError) return []
    throw thrown
  }
}
