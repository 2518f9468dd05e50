/** What editors show in the text of files. To add a language feature, register it here. */
import * as vscode from 'vscode'
import { registerCodeLenses } from './code-lenses.ts'
import { registerDocumentLinks } from './document-links.ts'
import { type RequestLanguageOptions, registerRequestLanguage } from './requests/request-language.ts'

export function registerLanguageFeatures(options: RequestLanguageOptions): vscode.Disposable {
  return vscode.Disposable.from(
    registerCodeLenses(),
    registerDocumentLinks(),
    registerRequestLanguage(options),
  )
}
