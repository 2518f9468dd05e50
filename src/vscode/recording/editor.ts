/** The editor of recordings: `.rtsession` by double click, `.har` by choice, in the same page as the live panel. */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import { EDITORS } from '../contributions.ts'
import { besideServing } from '../panel/side-channels.ts'
import { PanelView } from '../panel/view.ts'
import { PayloadActions } from '../payload/actions.ts'
import type { PayloadDocuments } from '../payload/documents.ts'
import type { Servers } from '../serving/servers.ts'
import { RecordingSession, type RecordingSessionOptions } from '../session/recording-session.ts'
import type { SavedFilters } from '../session/saved-filters.ts'
import type { Notifier } from '../ui/notifier.ts'
import { recordingActions } from './recording-calls.ts'

export interface RecordingEditorOptions extends RecordingSessionOptions {
  readonly extensionUri: vscode.Uri
  readonly notifier: Notifier
  readonly documents: PayloadDocuments
  readonly filters: SavedFilters
  readonly servers: Servers
}

/** A recording that is open in an editor. */
class OpenRecording implements vscode.CustomDocument {
  readonly uri: vscode.Uri
  readonly session: RecordingSession
  readonly payloads: PayloadActions
  readonly #notifier: Notifier
  readonly #documents: vscode.Disposable

  constructor(session: RecordingSession, { notifier, documents, storage }: RecordingEditorOptions) {
    this.uri = session.uri
    this.session = session
    this.#notifier = notifier
    const opened = documents.of(session)
    this.#documents = opened
    this.payloads = new PayloadActions({ session, notifier, storage }, opened)
  }

  dispose(): void {
    this.#documents.dispose()
    this.session.dispose().catch((error) => this.#notifier.internal(error))
  }
}

export class RecordingEditor implements vscode.CustomReadonlyEditorProvider<OpenRecording> {
  readonly #options: RecordingEditorOptions
  readonly #open = new Map<string, OpenRecording>()
  readonly #registration: vscode.Disposable
  /** The one whose editor has the focus, or had it last among those in view. */
  #active: OpenRecording | undefined

  constructor(options: RecordingEditorOptions) {
    this.#options = options
    this.#registration = vscode.Disposable.from(
      ...Object.values(EDITORS).map((viewType) =>
        vscode.window.registerCustomEditorProvider(viewType, this, {
          webviewOptions: { retainContextWhenHidden: true, enableFindWidget: false },
        }),
      ),
    )
  }

  /** The recordings that are open. */
  get recordings(): readonly RecordingSession[] {
    return [...this.#open.values()].map(({ session }) => session)
  }

  /** What can be done with payloads in the editor that has the focus; undefined where it is no recording. */
  get payloads(): PayloadActions | undefined {
    return this.#active?.payloads
  }

  /** The recording in the editor that has the focus. */
  get active(): RecordingSession | undefined {
    return this.#active?.session
  }

  dispose(): void {
    this.#registration.dispose()
  }

  /** Ends every engine. */
  async close(): Promise<void> {
    await Promise.all(this.recordings.map((session) => session.dispose()))
  }

  async openCustomDocument(uri: vscode.Uri): Promise<OpenRecording> {
    const session = new RecordingSession(uri, await this.#pathOf(uri), this.#options)
    const document = new OpenRecording(session, this.#options)
    this.#open.set(uri.toString(), document)
    // Reading begins now, not only once the page has loaded.
    session.call('status', null, 0).catch((error) => this.#options.notifier.internal(error))
    return document
  }

  resolveCustomEditor(document: OpenRecording, panel: vscode.WebviewPanel): void {
    const { session, payloads } = document
    const { extensionUri, notifier, filters, storage, servers } = this.#options
    const { file } = session
    const view = new PanelView(panel, {
      extensionUri,
      session,
      notifier,
      actions: recordingActions({ session, notifier, storage, filters, payloads, servers }),
      beside: [
        besideServing(servers, document.uri),
        { onChange: file.onChange, tell: (notify) => notify('file', file.change) },
      ],
    })
    const follow = () => {
      if (panel.active) this.#active = document
      else if (this.#active === document) this.#active = undefined
    }
    follow()
    const subscription = panel.onDidChangeViewState(follow)
    panel.onDidDispose(() => {
      subscription.dispose()
      view.dispose()
      if (this.#active === document) this.#active = undefined
      this.#open.delete(document.uri.toString())
    })
  }

  /** Opens a recording, asking for the file where none is named; undefined where the user changed their mind. */
  async show(uri?: vscode.Uri): Promise<vscode.Uri | undefined> {
    const chosen = uri ?? (await askRecording())
    if (chosen === undefined) return undefined
    const viewType = extname(chosen.path).toLowerCase() === '.har' ? EDITORS.har : EDITORS.session
    await vscode.commands.executeCommand('vscode.openWith', chosen, viewType)
    return chosen
  }

  /** Opens a recording and plays it from its start: the file named, else the one in the active editor, else one chosen. */
  async replay(uri?: vscode.Uri): Promise<void> {
    const opened = await this.show(uri ?? this.#active?.uri)
    if (opened === undefined) return
    const recording = await this.#opened(opened)
    await recording.call('replay', { do: 'seek', time: 0 }, 0)
    await recording.call('replay', { do: 'play' }, 0)
  }

  /** Reads a recording in the engine of its editor, or in one for this alone. */
  async read<T>(uri: vscode.Uri, use: (recording: RecordingSession) => Promise<T>): Promise<T> {
    const open = this.#open.get(uri.toString())
    if (open !== undefined) return await use(open.session)
    const recording = new RecordingSession(uri, await this.#pathOf(uri), this.#options)
    try {
      return await use(recording)
    } finally {
      await recording.dispose()
    }
  }

  async #opened(uri: vscode.Uri): Promise<RecordingSession> {
    const { session } = this.#open.get(uri.toString()) ?? {}
    if (session === undefined)
      throw new Failure('NOT_OPEN', `${uri.path} did not open; open it in the explorer and try again.`)
    return session
  }

  /** A local path with the file's content and extension. */
  async #pathOf(uri: vscode.Uri): Promise<string> {
    if (uri.scheme === 'file') return uri.fsPath
    const folder = join(this.#options.storage, 'transfer')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, `${randomUUID()}${extname(uri.path)}`)
    await vscode.workspace.fs.copy(uri, vscode.Uri.file(path))
    return path
  }
}

async function askRecording(): Promise<vscode.Uri | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Open Session',
      filters: { 'Realtime session': ['rtsession'], HAR: ['har'] },
    })) ?? []
  return uri
}
