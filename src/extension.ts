/** Composition root: makes the parts of the extension and connects them. */
import * as vscode from 'vscode'
import { parseSpec } from './request/parse-spec.ts'
import type { RealtimeInspectorApi } from './vscode/api.ts'
import { registerCommands } from './vscode/commands/commands.ts'
import { keepContextKeys } from './vscode/commands/context-keys.ts'
import { Comparisons } from './vscode/compare/comparisons.ts'
import { Connector } from './vscode/connect/connect.ts'
import { Demo } from './vscode/connect/demo.ts'
import { offerReopen } from './vscode/connect/offer-reopen.ts'
import { VIEWS } from './vscode/contributions.ts'
import { liveCalls, liveContext } from './vscode/panel/live-calls.ts'
import { LivePanel } from './vscode/panel/live-panel.ts'
import { reopenableChannel, servedChannel, unsavedChannel } from './vscode/panel/side-channels.ts'
import { PayloadActions } from './vscode/payload/actions.ts'
import { PayloadDocuments } from './vscode/payload/documents.ts'
import { RecordingEditor } from './vscode/recording/editor.ts'
import { onPanelClosed } from './vscode/saving/closing.ts'
import { UnsavedOffers } from './vscode/saving/offer-unsaved.ts'
import { save } from './vscode/saving/save-session.ts'
import { Servers } from './vscode/serving/servers.ts'
import { ComposerShelf } from './vscode/session/composer-shelf.ts'
import { noticeDisk } from './vscode/session/disk-notice.ts'
import { EventFeed } from './vscode/session/event-feed.ts'
import { LiveSession } from './vscode/session/live-session.ts'
import { OpenRecordings } from './vscode/session/open-recordings.ts'
import { RememberedConnections } from './vscode/session/remembered-connections.ts'
import { SavedFilters } from './vscode/session/saved-filters.ts'
import { UnsavedSessions } from './vscode/session/unsaved-sessions.ts'
import { showConnectionsItem } from './vscode/status-bar/connections-item.ts'
import { showServersItem } from './vscode/status-bar/servers-item.ts'
import { showUnsavedItem } from './vscode/status-bar/unsaved-item.ts'
import { Notifier } from './vscode/ui/notifier.ts'
import { maskedLog } from './vscode/ui/untrusted-text.ts'

/** Ends what must not outlive the extension host. */
let end: (() => Promise<unknown>) | undefined

export function activate(context: vscode.ExtensionContext): RealtimeInspectorApi {
  const { extensionUri, globalState, workspaceState, subscriptions } = context
  const program = (name: string) => context.asAbsolutePath(`dist/${name}.js`)
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath
  const log = maskedLog(vscode.window.createOutputChannel('Realtime Inspector', { log: true }))
  const notifier = new Notifier(log)
  const common = { extensionUri, storage, log, notifier }

  const remembered = new RememberedConnections(globalState, workspaceState)
  const session = new LiveSession({ ...common, script: program('engine'), remembered })
  const recordings = new OpenRecordings({ ...common, script: program('engine') })
  const unsaved = new UnsavedSessions({ ...common, script: program('jobs'), session })
  const filters = new SavedFilters(globalState)
  const shelf = new ComposerShelf(globalState)
  const feed = new EventFeed(session, log)

  const saving = { ...common, session }
  const documents = new PayloadDocuments()
  const payloads = new PayloadActions(saving, documents.of(session))
  const demo = new Demo({ ...saving, script: program('demo') })
  const servers = new Servers({ ...common, script: program('jobs') })
  const comparisons = new Comparisons({ ...saving, script: program('jobs'), recordings })
  const offers = new UnsavedOffers(unsaved, notifier)
  const showPanel = (preserveFocus?: boolean) => panel.show(preserveFocus)
  const connector = new Connector(session, notifier, showPanel)

  const calls = { ...saving, connector, demo, shelf, filters, payloads, servers, offers }
  const panel = new LivePanel({
    ...saving,
    calls: liveCalls(calls),
    context: () => liveContext(calls),
    channels: [servedChannel(servers), unsavedChannel(unsaved), reopenableChannel(remembered)],
    onRestored: () => offerReopen(session, connector, notifier),
    onClosed: () => {
      onPanelClosed({ ...saving, showPanel }).catch((error) => notifier.failure(error))
    },
  })
  const editor = new RecordingEditor({ ...common, recordings, documents, filters, servers })

  subscriptions.push(
    log,
    feed,
    unsaved,
    documents,
    demo,
    servers,
    panel,
    editor,
    showConnectionsItem(session),
    showUnsavedItem(unsaved),
    showServersItem(servers),
    keepContextKeys(session, demo, servers),
    noticeDisk(session, notifier),
    registerCommands({ ...calls, recordings, editor, comparisons, showPanel }),
    vscode.window.registerWebviewPanelSerializer(VIEWS.panel, panel),
    session.onFailure((failure) => offerReopen(session, connector, notifier, failure)),
    offers.start(session),
  )
  end = () => Promise.all([session.dispose({ keepUnsaved: true }), recordings.dispose(), servers.stopAll()])
  return {
    connect: async (spec) => await session.connect(parseSpec(spec)),
    connections: () => session.connections,
    onEvent: feed.onEvent,
    save: (uri) => save(saving, uri),
    recordings: () => recordings.all.map(({ uri, status }) => ({ uri, status })),
  }
}

/** Closes the connections, and removes the spool unless it has unsaved events. */
export async function deactivate(): Promise<void> {
  await end?.()
}
