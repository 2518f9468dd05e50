/** Composition root: what the extension is made of, put together when it is first needed. */
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
import { panelActions } from './vscode/panel/live-calls.ts'
import { Panels } from './vscode/panel/panels.ts'
import { besideReopenable, besideServing, besideUnsaved } from './vscode/panel/side-channels.ts'
import { PayloadActions } from './vscode/payload/actions.ts'
import { PayloadDocuments } from './vscode/payload/documents.ts'
import { RecordingEditor } from './vscode/recording/editor.ts'
import { onPanelClosed } from './vscode/saving/closing.ts'
import { save } from './vscode/saving/save-session.ts'
import { Servers } from './vscode/serving/servers.ts'
import { ComposerShelf } from './vscode/session/composer-shelf.ts'
import { noticeDisk } from './vscode/session/disk-notice.ts'
import { EventFeed } from './vscode/session/event-feed.ts'
import { LiveSession } from './vscode/session/live-session.ts'
import { RememberedConnections } from './vscode/session/remembered-connections.ts'
import { SavedFilters } from './vscode/session/saved-filters.ts'
import { UnsavedSessions } from './vscode/session/unsaved-sessions.ts'
import { showStatusBar } from './vscode/status-bar/connections-item.ts'
import { showUnsavedItem } from './vscode/status-bar/unsaved-item.ts'
import { maskedLog } from './vscode/ui/masked-log.ts'
import { Notifier } from './vscode/ui/notifier.ts'

let session: LiveSession | undefined
let recordings: RecordingEditor | undefined
let running: Servers | undefined

export function activate(context: vscode.ExtensionContext): RealtimeInspectorApi {
  const log = maskedLog(vscode.window.createOutputChannel('Realtime Inspector', { log: true }))
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath
  const remembered = new RememberedConnections(context.globalState, context.workspaceState)
  const script = context.asAbsolutePath('dist/engine.js')
  const live = new LiveSession({ script, storage, remembered, log })
  session = live
  const notifier = new Notifier(log)
  const saving = { session: live, notifier, storage }
  const documents = new PayloadDocuments()
  const payloads = new PayloadActions(saving, documents.of(live))
  const filters = new SavedFilters(context.globalState)
  const demo = new Demo({ script: context.asAbsolutePath('dist/demo.js'), session: live, notifier })
  const shelf = new ComposerShelf(context.globalState)
  const jobs = context.asAbsolutePath('dist/jobs.js')
  const unsaved = new UnsavedSessions({ ...saving, script: jobs, log })
  const offerLeft = () => {
    unsaved.offer().catch((error) => notifier.failure(error))
  }
  const servers = new Servers({ script: jobs, storage, notifier, log })
  running = servers
  const panels = new Panels(
    {
      extensionUri: context.extensionUri,
      session: live,
      notifier,
      actions: panelActions({ ...saving, filters, payloads, demo, shelf, servers, unsaved }, () => connector),
      beside: [besideServing(servers), besideUnsaved(unsaved), besideReopenable(remembered)],
    },
    () => offerReopen(live, connector, notifier),
    () => {
      onPanelClosed({ ...saving, showPanel }).catch((error) => notifier.failure(error))
    },
  )
  const showPanel = (preserveFocus?: boolean) => panels.show(preserveFocus)
  const connector = new Connector(live, notifier, showPanel)
  const editor = new RecordingEditor({
    ...{ script, storage, log, notifier, documents, filters, servers },
    extensionUri: context.extensionUri,
  })
  recordings = editor
  const { extensionUri } = context
  const comparisons = new Comparisons({ ...saving, extensionUri, script: jobs, recordings: editor })
  const feed = new EventFeed(live, log)
  context.subscriptions.push(
    log,
    panels,
    feed,
    documents,
    demo,
    editor,
    servers,
    unsaved,
    keepContextKeys(live, demo, servers),
    showStatusBar(live),
    noticeDisk(live, notifier),
    showUnsavedItem(unsaved),
    // What another process captured may have ended meanwhile.
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused && unsaved.offered.some(({ isRunning }) => isRunning)) offerLeft()
    }),
    registerCommands({
      ...saving,
      connector,
      payloads,
      demo,
      recordings: editor,
      servers,
      comparisons,
      unsaved,
      log,
      showPanel,
    }),
    vscode.window.registerWebviewPanelSerializer(VIEWS.panel, panels),
    live.onFailure((failure) => {
      offerReopen(live, connector, notifier, failure)
      offerLeft()
    }),
  )
  offerLeft()
  return {
    connect: async (spec) => await live.connect(parseSpec(spec)),
    connections: () => live.connections,
    onEvent: feed.onEvent,
    save: (uri) => save(saving, uri),
    recordings: () => editor.recordings.map(({ uri, status }) => ({ uri, status })),
  }
}

/** Ends connections, and removes the spool unless something in it was not saved, before the extension host goes. */
export async function deactivate(): Promise<void> {
  await Promise.all([session?.dispose({ keepUnsaved: true }), recordings?.close(), running?.stopAll()])
}
