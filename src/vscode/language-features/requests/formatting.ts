/** Formats documents with requests, or a range of one. What they say stays the same. */
import * as vscode from 'vscode'
import { formatRequestFile } from '../../../request/file/format.ts'
import { hasRequests, isTooLarge, REQUEST_DOCUMENTS, rangeOf } from './request-documents.ts'

export function registerFormatting(): vscode.Disposable {
  const { languages } = vscode
  return vscode.Disposable.from(
    languages.registerDocumentFormattingEditProvider(REQUEST_DOCUMENTS, {
      provideDocumentFormattingEdits: (document) => editsIn(document),
    }),
    languages.registerDocumentRangeFormattingEditProvider(REQUEST_DOCUMENTS, {
      provideDocumentRangeFormattingEdits: (document, range) =>
        editsIn(document).filter((edit) => range.contains(edit.range)),
    }),
  )
}

function editsIn(document: vscode.TextDocument): vscode.TextEdit[] {
  if (!hasRequests(document) || isTooLarge(document)) return []
  return formatRequestFile(document.getText()).map(
    (edit) => new vscode.TextEdit(rangeOf(document, edit), edit.text),
  )
}
