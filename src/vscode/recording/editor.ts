/** The editor of recordings: `.rtsession` by double click, `.har` by choice. Its page is that of the live panel. */
import { extname } from 'node:path'
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { CommandView } from '../../shared/protocol/notifications.ts'
import { EDITORS } from '../contributions.ts'
import { PanelView } from '../panel/panel-view.ts'
import { fileChannel, labelsChannel, REPLY_KEYS_CHANNEL, servedChannel } from '../panel/side-channels.ts'
import { PayloadActions } from '../payload/actions.ts'
import type { PayloadDocuments } from '../payload/documents.ts'
import { SESSION_FILES } from '../saving/save-session.ts'
import type { Servers } from '../serving/servers.ts'
import type { MessageTypes } from '../session/message-types.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import type { RecordingSession } from '../session/recording-session.ts'
import type { SavedFilters } from '../session/saved-filters.ts'
import type { Notifier } from '../ui/notifier.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import type { FindingProblems } from './finding-problems.ts'
import { recordingCalls, recordingContext } from './recording-calls.ts'

export interface RecordingEditorOptions
  extends Pick<Surroundings, 'extensionUri' | 'pages' | 'storage' | 'notifier'> {
  readonly recordings: OpenRecordings
  readonly documents: PayloadDocuments
  readonly filters: SavedFilters
  readonly servers: Servers
  readonly types: MessageTypes
  readonly problems: FindingProblems
}

/** A recording that is open in an editor. */
class RecordingDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri
  readonly session: RecordingSession
  readonly payloads: PayloadActions
  readonly #notifier: Notifier
  readonly #subscriptions: vscode.Disposable

  constructor(session: RecordingSession, options: RecordingEditorOptions) {
    const { notifier, documents, storage, extensionUri, types, problems } = options
    this.uri = session.uri
    this.session = session
    this.#notifier = notifier
    const opened = documents.of(session)
    this.#subscriptions = vscode.Disposable.from(opened, types.follow(session), problems.follow(session))
    this.payloads = new PayloadActions({ session, notifier, storage, extensionUri }, opened)
  }

  dispose(): void {
    this.#subscriptions.dispose()
    this.session.dispose().catch((error) => this.#notifier.internal(error))
  }
}

export class RecordingEditor implements vscode.CustomReadonlyEditorProvider<RecordingDocument> {
  readonly #options: RecordingEditorOptions
  readonly #documents = new Map<RecordingSession, RecordingDocument>()
  readonly #views = new Map<RecordingSession, PanelView>()
  readonly #registration: vscode.Disposable

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

  /** The payload actions of the editor that has the focus; undefined if it does not show a recording. */
  get payloads(): PayloadActions | undefined {
    const { active } = this.#options.recordings
    return active === undefined ? undefined : this.#documents.get(active)?.payloads
  }

  dispose(): void {
    this.#registration.dispose()
  }

  async openCustomDocument(uri: vscode.Uri): Promise<RecordingDocument> {
    const session = await this.#options.recordings.open(uri)
    const document = new RecordingDocument(session, this.#options)
    this.#documents.set(session, document)
    // Starts to read the file now rather than when the page has loaded.
    session.call('status', null, 0).catch((error) => this.#options.notifier.internal(error))
    return document
  }

  resolveCustomEditor({ uri, session, payloads }: RecordingDocument, panel: vscode.WebviewPanel): void {
    const { extensionUri, pages, notifier, filters, storage, servers, recordings, types } = this.#options
    const options = { session, notifier, storage, extensionUri, filters, payloads, servers, types }
    const view = new PanelView(panel, {
      pages,
      session,
      notifier,
      calls: recordingCalls(options),
      context: () => recordingContext(options),
      channels: [
        REPLY_KEYS_CHANNEL,
        labelsChannel(session.labels),
        servedChannel(servers, uri),
        fileChannel(session.file),
      ],
    })
    this.#views.set(session, view)
    const follow = () => {
      if (panel.active) recordings.active = session
      else if (recordings.active === session) recordings.active = undefined
    }
    follow()
    const subscription = panel.onDidChangeViewState(follow)
    panel.onDidDispose(() => {
      subscription.dispose()
      view.dispose()
      recordings.close(session)
      this.#documents.delete(session)
      this.#views.delete(session)
    })
  }

  /** Opens a recording, and asks for the file if `uri` is undefined. Returns undefined if the user cancels. */
  async show(uri?: vscode.Uri): Promise<vscode.Uri | undefined> {
    const chosen = uri ?? (await askRecording())
    if (chosen === undefined) return undefined
    const viewType = extname(chosen.path).toLowerCase() === '.har' ? EDITORS.har : EDITORS.session
    await vscode.commands.executeCommand('vscode.openWith', chosen, viewType)
    return chosen
  }

  /** Shows a view of a recording, which is opened: a file, or the one that the user chooses. */
  async showView(view: CommandView, uri?: vscode.Uri): Promise<void> {
    const opened = await this.show(uri)
    const recording = opened && this.#options.recordings.get(opened)
    if (recording !== undefined) this.#views.get(recording)?.showView(view)
  }

  /**
   * Plays a recording from its start: the file `uri`, or the recording in the active editor, or a file that the user
   * chooses.
   */
  async replay(uri?: vscode.Uri): Promise<void> {
    const { recordings } = this.#options
    const opened = await this.show(uri ?? recordings.active?.uri)
    if (opened === undefined) return
    const recording = recordings.get(opened)
    if (recording === undefined)
      throw new Failure(
        'NOT_OPEN',
        vscode.l10n.t('{0} did not open; open it in the explorer and try again.', opened.path),
      )
    await recording.call('replay', { do: 'seek', time: 0 }, 0)
    await recording.call('replay', { do: 'play' }, 0)
  }
}

async function askRecording(): Promise<vscode.Uri | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Open Session'),
    filters: { ...SESSION_FILES, HAR: ['har'] },
  })
  return files?.[0]
}
