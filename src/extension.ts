/** Composition root: makes the parts of the extension and connects them. */
import { join } from 'node:path'
import * as vscode from 'vscode'
import { parseSpec } from './request/parse-spec.ts'
import { registerAgentTools } from './vscode/agents/agent-tools.ts'
import { EditorHost } from './vscode/agents/editor-host.ts'
import type { RealtimeInspectorApi } from './vscode/api.ts'
import { AttachedPrograms } from './vscode/attach/attached-programs.ts'
import { DebugSessions } from './vscode/attach/debug-sessions.ts'
import { keepContextKeys } from './vscode/commands/context-keys.ts'
import { registerCommands } from './vscode/commands/register.ts'
import { Comparisons } from './vscode/compare/comparisons.ts'
import { Connector } from './vscode/connect/connect.ts'
import { Demo } from './vscode/connect/demo.ts'
import { ConnectionForm } from './vscode/connect/form.ts'
import { offerReopen } from './vscode/connect/offer-reopen.ts'
import { VIEWS } from './vscode/contributions.ts'
import { RecordingIndex } from './vscode/files/recording-index.ts'
import { registerLanguageFeatures } from './vscode/language-features/language-features.ts'
import { liveCalls, liveContext } from './vscode/panel/live-calls.ts'
import { LivePanel } from './vscode/panel/live-panel.ts'
import { RequestsChannel } from './vscode/panel/requests-channel.ts'
import { ShownConnection } from './vscode/panel/shown-connection.ts'
import {
  labelsChannel,
  REPLY_KEYS_CHANNEL,
  reopenableChannel,
  servedChannel,
  unsavedChannel,
} from './vscode/panel/side-channels.ts'
import { PayloadActions } from './vscode/payload/actions.ts'
import { PayloadDocuments } from './vscode/payload/documents.ts'
import { offerEndedProxies } from './vscode/proxy/ended-proxies.ts'
import { Proxies } from './vscode/proxy/proxies.ts'
import { RecentTargets } from './vscode/proxy/recent-targets.ts'
import { RecordingEditor } from './vscode/recording/editor.ts'
import { FindingProblems } from './vscode/recording/finding-problems.ts'
import { AnswerValues } from './vscode/requests/answer-values.ts'
import { RunConfirmation } from './vscode/requests/confirm-run.ts'
import { Environments } from './vscode/requests/environments.ts'
import { RequestTokens } from './vscode/requests/oauth2/request-tokens.ts'
import { SignIn } from './vscode/requests/oauth2/sign-in.ts'
import { UriCallbacks } from './vscode/requests/oauth2/uri-callbacks.ts'
import { PrivateFiles } from './vscode/requests/private-files.ts'
import { RequestIndex } from './vscode/requests/request-index.ts'
import { RequestRuns } from './vscode/requests/request-runs.ts'
import { RequestSecrets } from './vscode/requests/request-secrets.ts'
import { onPanelClosed } from './vscode/saving/closing.ts'
import { UnsavedOffers } from './vscode/saving/offer-unsaved.ts'
import { save } from './vscode/saving/save-session.ts'
import { Servers } from './vscode/serving/servers.ts'
import { ComposerShelf } from './vscode/session/composer-shelf.ts'
import { diagnosed } from './vscode/session/diagnosed.ts'
import { noticeDisk } from './vscode/session/disk-notice.ts'
import { EventFeed } from './vscode/session/event-feed.ts'
import { KeptSecrets } from './vscode/session/kept-secrets.ts'
import { LiveSession } from './vscode/session/live-session.ts'
import { MessageTypes } from './vscode/session/message-types.ts'
import { OpenRecordings } from './vscode/session/open-recordings.ts'
import { RememberedConnections } from './vscode/session/remembered-connections.ts'
import { SavedFilters } from './vscode/session/saved-filters.ts'
import { syncState } from './vscode/session/synced-state.ts'
import { UnsavedSessions } from './vscode/session/unsaved-sessions.ts'
import { HostCertificateFiles } from './vscode/settings/host-certificates.ts'
import { showSideBar } from './vscode/side-bar/side-bar.ts'
import { UnreadErrors } from './vscode/side-bar/unread-errors.ts'
import { showConnectionsItem } from './vscode/status-bar/connections-item.ts'
import { showEnvironmentItem } from './vscode/status-bar/environment-item.ts'
import { showFindingsItem } from './vscode/status-bar/findings-item.ts'
import { showProxiesItem } from './vscode/status-bar/proxies-item.ts'
import { showServersItem } from './vscode/status-bar/servers-item.ts'
import { showUnsavedItem } from './vscode/status-bar/unsaved-item.ts'
import { writeNumbersAsEditor } from './vscode/ui/counts.ts'
import { Notifier } from './vscode/ui/notifier.ts'
import { PageFiles } from './vscode/ui/page-files.ts'
import { RecentLog } from './vscode/ui/recent-log.ts'
import { maskedLog } from './vscode/ui/untrusted-text.ts'

/** Ends what must not outlive the extension host. */
let end: (() => Promise<unknown>) | undefined

export function activate(context: vscode.ExtensionContext): RealtimeInspectorApi {
  writeNumbersAsEditor()
  syncState(context.globalState)
  const { extension, extensionUri, globalState, workspaceState, secrets, subscriptions } = context
  const program = (name: string) => context.asAbsolutePath(`dist/${name}.js`)
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath
  const recentLog = new RecentLog()
  const log = maskedLog(vscode.window.createOutputChannel('Realtime Inspector', { log: true }), recentLog)
  const notifier = new Notifier(log)
  const pages = new PageFiles(context.asAbsolutePath('dist'), context.globalStorageUri.fsPath)
  const common = { extensionUri, pages, storage, log, notifier }

  const kept = new KeptSecrets(secrets)
  const remembered = new RememberedConnections(globalState, workspaceState, (spec) => kept.forget(spec))
  const certificates = new HostCertificateFiles({ storage: secrets, log })
  const tokens = new RequestTokens({ storage: secrets, memento: globalState })
  const callbacks = new UriCallbacks(extension.id)
  const signIn = new SignIn(tokens, callbacks)
  const session = new LiveSession({
    ...{ ...common, script: program('engine'), remembered, certificates },
    authorize: ({ credentials, refused }) => signIn.token(credentials, refused),
  })
  const recordings = new OpenRecordings({ ...common, script: program('engine') })
  const unsaved = new UnsavedSessions({ ...common, script: program('jobs'), session })
  const filters = new SavedFilters(globalState)
  const types = new MessageTypes(workspaceState, notifier)
  const shelf = new ComposerShelf(globalState)
  const feed = new EventFeed(session, log)

  const saving = { ...common, session }
  const documents = new PayloadDocuments()
  const payloads = new PayloadActions(saving, documents.of(session))
  const demo = new Demo({ ...saving, feed, script: program('demo') })
  const servers = new Servers({ ...common, script: program('jobs') })
  const proxies = new Proxies({ session, recent: new RecentTargets(globalState, workspaceState) })
  const debugSessions = new DebugSessions()
  const programs = new AttachedPrograms({ session, debugSessions, notifier })
  const comparisons = new Comparisons({ ...saving, script: program('jobs'), recordings })
  const offers = new UnsavedOffers(unsaved, notifier)
  const showPanel = (preserveFocus?: boolean) => panel.show(preserveFocus)

  const index = new RequestIndex()
  const environments = new Environments(workspaceState)
  const requestSecrets = new RequestSecrets({ storage: secrets, memento: globalState })
  const values = new AnswerValues()
  const presets = async () => {
    const { Presets } = await import('./vscode/presets/presets.ts')
    return new Presets({ session, index, requestSecrets, signIn, showPanel })
  }
  const connector = new Connector({
    ...{ session, kept, showPanel },
    connectPreset: async (name) => (await presets()).connect(name),
    secretOf: (name, url) => requestSecrets.ask(name, url),
  })
  const requests = { index, environments, requestSecrets, tokens, signIn, values }
  const confirmation = new RunConfirmation()
  const runs = new RequestRuns({ ...requests, session, shelf, confirmation, log })
  const saver = async () => {
    const { RequestSaver } = await import('./vscode/requests/saving/request-saver.ts')
    return new RequestSaver({ ...requests, session, recordings, runs, notifier })
  }

  const shown = new ShownConnection()
  const unread = new UnreadErrors(session)
  const listedRequests = new RequestsChannel({ session, index, runs, notifier })
  const recordingIndex = new RecordingIndex({ ...common, script: program('jobs') })
  const calls = {
    ...saving,
    ...requests,
    confirmation,
    runs,
    saver,
    connector,
    presets,
    kept,
    form: new ConnectionForm({ connector, kept }),
    walkthrough: walkthroughOf(extension),
    demo,
    shelf,
    filters,
    types,
    payloads,
    servers,
    proxies,
    debugSessions,
    programs,
    offers,
    shown,
    unread,
    recordingIndex,
  }
  const panel = new LivePanel({
    ...saving,
    calls: liveCalls(calls),
    context: () => liveContext(calls),
    channels: [
      REPLY_KEYS_CHANNEL,
      labelsChannel(session.labels),
      shown,
      listedRequests,
      servedChannel(servers),
      unsavedChannel(unsaved),
      reopenableChannel(remembered),
    ],
    onRestored: () => offerReopen(session, connector, notifier),
    onClosed: () => {
      onPanelClosed({ ...saving, proxies, programs, showPanel }).catch((error) => notifier.failure(error))
    },
  })
  const problems = new FindingProblems(notifier)
  const agents = new EditorHost({
    ...common,
    script: program('jobs'),
    session,
    recordings,
    recordingIndex,
    showPanel,
  })
  const editor = new RecordingEditor({ ...common, recordings, documents, filters, servers, types, problems })

  subscriptions.push(
    log,
    feed,
    unsaved,
    documents,
    demo,
    servers,
    debugSessions,
    programs,
    index,
    environments,
    new PrivateFiles(environments, workspaceState, notifier),
    requestSecrets,
    signIn,
    vscode.window.registerUriHandler(callbacks),
    values,
    runs,
    listedRequests,
    panel,
    editor,
    recordingIndex,
    showSideBar({
      ...{ ...calls, index, runs },
      compare: (first, second) => comparisons.compare(first, second),
    }),
    problems,
    agents,
    registerAgentTools(
      agents,
      extension.packageJSON.contributes.languageModelTools.map(({ name }: { name: string }) => name),
    ),
    showConnectionsItem(session),
    showFindingsItem(session, recordings),
    showUnsavedItem(unsaved),
    showServersItem(servers),
    showProxiesItem(proxies),
    showEnvironmentItem(environments, notifier),
    keepContextKeys({ session, demo, servers, runs, debugSessions, programs }),
    noticeDisk(session, notifier),
    types.follow(session),
    registerLanguageFeatures({ ...requests, runs, session, shelf, log }),
    registerCommands({
      ...{ ...calls, recordings, editor, comparisons, showPanel, recentLog },
      version: extension.packageJSON.version,
      servedPorts: () => servers.endpoints.map(({ url }) => Number(new URL(url).port)),
      rowMenu: extension.packageJSON.contributes.menus['view/item/context'],
      program: {
        folder: join(context.globalStorageUri.fsPath, 'bin'),
        script: program('cli'),
        variables: context.environmentVariableCollection,
      },
      showBeside: () => panel.showBeside(),
      showLiveView: (view, preserveFocus) => panel.showView(view, preserveFocus),
    }),
    vscode.window.registerWebviewPanelSerializer(VIEWS.panel, panel),
    session.onFailure((failure) => offerReopen(session, connector, notifier, failure)),
    offers.start(session),
    offerEndedProxies({ session, proxies, notifier }),
  )
  end = () => Promise.all([session.dispose({ keepUnsaved: true }), recordings.dispose(), servers.stopAll()])
  return {
    connect: async (spec) => await session.connect(parseSpec(spec)),
    connections: () => session.connections,
    onEvent: feed.onEvent,
    events: async (connection, filter = '') => {
      if (!session.running) return []
      const { lines } = await session.call('find', { connection, filter, max: 10_000 }, 0)
      return lines.map((line) => JSON.parse(line))
    },
    save: (uri) => save(saving, uri),
    diagnose: async (uri) => {
      if (uri !== undefined) return (await recordings.read(uri, diagnosed)).findings
      return session.running ? (await diagnosed(session)).findings : []
    },
    recordings: () => recordings.all.map(({ uri, status }) => ({ uri, status })),
  }
}

/** The full id of the extension's walkthrough, if it has one. */
function walkthroughOf({ id, packageJSON }: vscode.Extension<unknown>): string | undefined {
  const [first] = packageJSON.contributes.walkthroughs ?? []
  return first && `${id}#${first.id}`
}

/** Closes the connections, and removes the spool unless it has unsaved events. */
export async function deactivate(): Promise<void> {
  await end?.()
}
