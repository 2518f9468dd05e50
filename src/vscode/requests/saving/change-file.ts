/** Changes a file of requests as the user would: in its document, with undo, shown and saved. */
import * as vscode from 'vscode'
import type { TextEdit } from '../../../request/file/edits.ts'
import { Failure } from '../../../shared/failure.ts'
import { exists } from '../request-files.ts'

export interface FileChange {
  readonly edits: readonly TextEdit[]
  /** An offset after the edits. */
  readonly cursor: number
}

/** Applies what `make` says of the text, shows the place, and saves the document if it was saved before. */
export async function change(uri: vscode.Uri, make: (text: string) => FileChange): Promise<void> {
  if (uri.scheme !== 'untitled' && !(await exists(uri)))
    await vscode.workspace.fs.writeFile(uri, new Uint8Array())
  const document = await vscode.workspace.openTextDocument(uri)
  const wasDirty = document.isDirty
  const { edits, cursor } = make(document.getText())
  const edit = new vscode.WorkspaceEdit()
  for (const { start, end, text } of edits)
    edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text)
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new Failure(
      'NOT_WRITABLE',
      vscode.l10n.t('{0} cannot be changed. Is it read-only?', vscode.workspace.asRelativePath(uri)),
    )
  const place = document.positionAt(cursor)
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) })
  // What the user has not saved yet is saved when they want.
  if (!wasDirty && uri.scheme !== 'untitled') await document.save()
}
