/** Payloads as read-only documents with their own URI scheme. */
import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'
import type { PayloadDocument } from '../../shared/protocol/payloads.ts'
import type { EngineSession } from '../session/engine-session.ts'

export const SCHEME = 'realtime-inspector'

const GONE = vscode.l10n.t(
  'This payload is gone: the session was cleared or closed, or the window was reloaded. Save a session to keep its payloads.',
)

export class PayloadDocuments implements vscode.TextDocumentContentProvider {
  /** By epoch: event numbers are valid within one session, until it is cleared. */
  readonly #sessions = new Map<string, EngineSession>()
  /** The contents of documents that are about to open, by URI. */
  readonly #ready = new Map<string, string>()
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this)

  dispose(): void {
    this.#registration.dispose()
  }

  /** The documents of a session; dispose of them with the session. */
  of(session: EngineSession): SessionDocuments {
    return new SessionDocuments(session, this.#sessions, this.#ready)
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const ready = this.#ready.get(uri.toString())
    if (ready !== undefined) return ready
    const [, epoch = ''] = uri.path.split('/')
    const { index, hex } = parseQuery(uri.query)
    const session = this.#sessions.get(epoch)
    if (session === undefined || index === undefined) return `${GONE}\n`
    const document = await session.call('document', { index, hex }, 0)
    return document.text
  }
}

/** The documents of one session's payloads. */
export class SessionDocuments {
  readonly #session: EngineSession
  readonly #sessions: Map<string, EngineSession>
  readonly #ready: Map<string, string>
  readonly #subscription: vscode.Disposable
  #epoch = ''

  constructor(session: EngineSession, sessions: Map<string, EngineSession>, ready: Map<string, string>) {
    this.#session = session
    this.#sessions = sessions
    this.#ready = ready
    this.#begin()
    this.#subscription = session.on('reset', () => this.#begin())
  }

  /** Opens the document of an event's payload without showing it. Rejects like the engine's `document`. */
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

  dispose(): void {
    this.#subscription.dispose()
    this.#sessions.delete(this.#epoch)
  }

  #begin(): void {
    this.#sessions.delete(this.#epoch)
    this.#epoch = randomBytes(4).toString('hex')
    this.#sessions.set(this.#epoch, this.#session)
  }

  async #uriOf(index: number, hex: boolean): Promise<vscode.Uri> {
    const name = await this.#session.call('fileName', { index, whole: false })
    const path = `/${this.#epoch}/${hex ? `${name}.hex.txt` : name}`
    return vscode.Uri.from({ scheme: SCHEME, path, query: `${index}${hex ? '.hex' : ''}` })
  }
}

function parseQuery(query: string): { readonly index: number | undefined; readonly hex: boolean } {
  const [, digits, hex] = /^(\d{1,10})(\.hex)?$/.exec(query) ?? []
  return { index: digits === undefined ? undefined : Number(digits), hex: hex !== undefined }
}

/** Sets the language of the content, which may differ from that of the file extension. */
async function inLanguage(
  document: vscode.TextDocument,
  { language }: PayloadDocument,
): Promise<vscode.TextDocument> {
  if (document.languageId === language) return document
  return await vscode.languages.setTextDocumentLanguage(document, language)
}
