/** Payloads as documents of the editor, read-only, under a scheme of their own. */
import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'
import type { PayloadDocument } from '../../shared/payload-protocol.ts'
import type { Session } from '../session.ts'

export const SCHEME = 'realtime-inspector'

const GONE =
  'This payload is not kept any more: the session was cleared, or the window was loaded anew. Save the session to keep it.\n'

export class PayloadDocuments implements vscode.TextDocumentContentProvider {
  readonly #session: Session
  /** Event numbers mean something within one session only. */
  #epoch = newEpoch()
  /** What has been read for a document that is about to open. */
  readonly #ready = new Map<string, string>()
  readonly #subscriptions: vscode.Disposable

  constructor(session: Session) {
    this.#session = session
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      session.onReset(() => {
        this.#epoch = newEpoch()
      }),
    )
  }

  dispose(): void {
    this.#subscriptions.dispose()
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const ready = this.#ready.get(uri.toString())
    if (ready !== undefined) return ready
    const [, epoch] = uri.path.split('/')
    const { index, hex } = parseQuery(uri.query)
    if (epoch !== this.#epoch || index === undefined) return GONE
    const document = await this.#session.call('document', { index, hex }, 0)
    return document.text
  }

  /** Opens the document of an event's payload without showing it. Rejects as the engine's `document` does. */
  async open(index: number, hex = false): Promise<vscode.TextDocument> {
    const content = await this.#session.call('document', { index, hex }, 0)
    const uri = await this.#uriOf(index, hex)
    this.#ready.set(uri.toString(), content.text)
    try {
      return await inLanguage(await vscode.workspace.openTextDocument(uri), content)
    } finally {
      this.#ready.delete(uri.toString())
    }
  }

  async #uriOf(index: number, hex: boolean): Promise<vscode.Uri> {
    const name = await this.#session.call('fileName', { index, whole: false })
    const path = `/${this.#epoch}/${hex ? `${name}.hex.txt` : name}`
    return vscode.Uri.from({ scheme: SCHEME, path, query: `${index}${hex ? '.hex' : ''}` })
  }
}

function newEpoch(): string {
  return randomBytes(4).toString('hex')
}

function parseQuery(query: string): { readonly index: number | undefined; readonly hex: boolean } {
  const [, digits, hex] = /^(\d{1,10})(\.hex)?$/.exec(query) ?? []
  return { index: digits === undefined ? undefined : Number(digits), hex: hex !== undefined }
}

/** The language is the content's, whatever the name's ending says. */
async function inLanguage(
  document: vscode.TextDocument,
  { language }: PayloadDocument,
): Promise<vscode.TextDocument> {
  if (document.languageId === language) return document
  return await vscode.languages.setTextDocumentLanguage(document, language)
}
