/** What editors show in the text of files. To add a language feature, register it here. */
import * as vscode from 'vscode'
import { isEnvironmentFile } from '../requests/environments.ts'
import { isRequestDocument } from '../requests/request-index.ts'
import { registerCodeLenses } from './code-lenses.ts'
import { registerDocumentLinks } from './document-links.ts'
import type { RequestLanguageOptions } from './requests/request-language.ts'

export function registerLanguageFeatures(options: RequestLanguageOptions): vscode.Disposable {
  return vscode.Disposable.from(registerCodeLenses(), registerDocumentLinks(), new RequestLanguage(options))
}

/** The features of files of requests. They are a tenth of the code, so they are loaded once such a file is open. */
class RequestLanguage {
  readonly #options: RequestLanguageOptions
  readonly #opening: vscode.Disposable
  #features: vscode.Disposable | undefined
  #isDisposed = false

  constructor(options: RequestLanguageOptions) {
    this.#options = options
    this.#opening = vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document))
    vscode.workspace.textDocuments.some((document) => this.#opened(document))
  }

  dispose(): void {
    this.#isDisposed = true
    this.#opening.dispose()
    this.#features?.dispose()
  }

  /** Returns whether the document needs the features. */
  #opened(document: vscode.TextDocument): boolean {
    if (!isRequestDocument(document) && !isEnvironmentFile(document.uri)) return false
    this.#opening.dispose()
    this.#register().catch((error) =>
      this.#options.log.error('The features of request files could not be loaded:', error),
    )
    return true
  }

  async #register(): Promise<void> {
    const { registerRequestLanguage } = await import('./requests/request-language.ts')
    if (!this.#isDisposed) this.#features = registerRequestLanguage(this.#options)
  }
}
