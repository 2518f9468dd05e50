/** Asks which request a command is about. */
import * as vscode from 'vscode'
import { requestAt } from '../../request/file/request-names.ts'
import { Failure } from '../../shared/failure.ts'
import { askChoice } from '../ui/asking.ts'
import { cancelled } from '../ui/notifier.ts'
import { type IndexedFile, isRequestDocument, type RequestIndex } from './request-index.ts'
import type { RequestReference } from './request-runs.ts'

interface Item extends vscode.QuickPickItem {
  readonly reference?: RequestReference
}

/** The request at the cursor of the active editor, if that has the file, or any one; undefined if there is none. */
export function requestAtCursor(index: RequestIndex, only?: vscode.Uri): RequestReference | undefined {
  const editor = vscode.window.activeTextEditor
  if (editor === undefined || !isRequestDocument(editor.document)) return undefined
  if (only !== undefined && only.toString() !== editor.document.uri.toString()) return undefined
  const { uri, file, names } = index.ofDocument(editor.document)
  const offset = editor.document.offsetAt(editor.selection.active)
  const name = names[requestAt(file.requests, offset)]
  return name === undefined ? undefined : { uri, name }
}

/** Asks for one of the requests of a file, or of the workspace. Rejects with `CANCELLED`. */
export async function chooseRequest(
  index: RequestIndex,
  title: string,
  uri?: vscode.Uri,
): Promise<RequestReference> {
  const files = uri === undefined ? await index.files() : [await index.fileAt(uri)]
  const items = files.flatMap(itemsOf)
  const requests = items.filter(({ reference }) => reference !== undefined)
  const [only] = requests
  if (only?.reference === undefined)
    throw new Failure(
      'NO_REQUEST',
      vscode.l10n.t('There is no request in a .http or .rest file yet. Create one with New Request File.'),
    )
  if (uri !== undefined && requests.length === 1) return only.reference
  const placeHolder = index.skipped.length === 0 ? undefined : index.skipped[0]?.why
  const chosen = await askChoice(items, {
    title,
    matchOnDescription: true,
    ...(placeHolder !== undefined && { placeHolder }),
  })
  if (chosen?.reference === undefined) throw cancelled()
  return chosen.reference
}

/** The requests of a file under its path. */
function itemsOf({ uri, path, file: { requests }, names }: IndexedFile): readonly Item[] {
  if (requests.length === 0) return []
  return [
    { label: path, kind: vscode.QuickPickItemKind.Separator },
    ...requests.map((request, at) => {
      const name = names[at] ?? ''
      const line = [request.method?.text, request.url.text].filter(Boolean).join(' ')
      return { label: name, ...(line !== name && { description: line }), reference: { uri, name } }
    }),
  ]
}
