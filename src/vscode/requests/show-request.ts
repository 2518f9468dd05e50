/** Shows a request, or a part of one, in the editor of its file. */
import * as vscode from 'vscode'
import type { Span } from '../../request/file/request-file.ts'

/** Opens the file and selects the span; in an editor that shows it already, if there is one. */
export async function showSpan(uri: vscode.Uri, { start, end }: Span): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(uri)
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end))
  return await vscode.window.showTextDocument(document, { selection: range })
}
