/** What package.json contributes, without its settings; a test compares the two. Does not import `vscode`. */

export const EXTENSION_ID = 'realtime-inspector.realtime-inspector'

/** Command ids. */
export const COMMANDS = [
  'realtimeInspector.connect',
  'realtimeInspector.disconnect',
  'realtimeInspector.cutConnection',
  'realtimeInspector.disconnectAll',
  'realtimeInspector.reconnect',
  'realtimeInspector.send',
  'realtimeInspector.mark',
  'realtimeInspector.filterEvents',
  'realtimeInspector.pause',
  'realtimeInspector.showKeys',
  'realtimeInspector.clear',
  'realtimeInspector.saveSession',
  'realtimeInspector.openSession',
  'realtimeInspector.replaySession',
  'realtimeInspector.resendSession',
  'realtimeInspector.exportHar',
  'realtimeInspector.exportMessages',
  'realtimeInspector.exportArtillery',
  'realtimeInspector.exportReport',
  'realtimeInspector.copySessionAs',
  'realtimeInspector.serveSession',
  'realtimeInspector.compareSessions',
  'realtimeInspector.diagnose',
  'realtimeInspector.showServers',
  'realtimeInspector.recoverSession',
  'realtimeInspector.showPanel',
  'realtimeInspector.showConnection',
  'realtimeInspector.showAllConnections',
  'realtimeInspector.revealConnection',
  'realtimeInspector.editConnection',
  'realtimeInspector.duplicateConnection',
  'realtimeInspector.renameConnection',
  'realtimeInspector.colorConnection',
  'realtimeInspector.copyConnectionUrl',
  'realtimeInspector.copyConnectionCommand',
  'realtimeInspector.removeConnection',
  'realtimeInspector.markErrorsSeen',
  'realtimeInspector.findRequest',
  'realtimeInspector.openRequest',
  'realtimeInspector.openRecording',
  'realtimeInspector.revealRecording',
  'realtimeInspector.stopServer',
  'realtimeInspector.copyServerUrl',
  'realtimeInspector.connectToServer',
  'realtimeInspector.startProxy',
  'realtimeInspector.stopProxy',
  'realtimeInspector.showProxies',
  'realtimeInspector.copyProxyUrl',
  'realtimeInspector.openProxyInBrowser',
  'realtimeInspector.openProxyTerminal',
  'realtimeInspector.debugThroughProxy',
  'realtimeInspector.setProxyFaults',
  'realtimeInspector.showLog',
  'realtimeInspector.reportIssue',
  'realtimeInspector.reopen',
  'realtimeInspector.runRequest',
  'realtimeInspector.sendRequestMessage',
  'realtimeInspector.sendAllMessages',
  'realtimeInspector.saveRequest',
  'realtimeInspector.editRequest',
  'realtimeInspector.newRequestFile',
  'realtimeInspector.newRequestFromPreset',
  'realtimeInspector.importRequests',
  'realtimeInspector.createExample',
  'realtimeInspector.runInTerminal',
  'realtimeInspector.copyRunCommand',
  'realtimeInspector.selectEnvironment',
  'realtimeInspector.manageSecrets',
  'realtimeInspector.moveToSecret',
  'realtimeInspector.manageCookies',
  'realtimeInspector.showRequestValues',
  'realtimeInspector.openPayload',
  'realtimeInspector.comparePayloads',
  'realtimeInspector.copyPayloadAs',
  'realtimeInspector.savePayload',
  'realtimeInspector.explainEvent',
  'realtimeInspector.startDemo',
  'realtimeInspector.startTechniquesDemo',
  'realtimeInspector.compareTechniques',
  'realtimeInspector.stopDemo',
  'realtimeInspector.attach',
  'realtimeInspector.inspectDebugSession',
  'realtimeInspector.detach',
  'realtimeInspector.goToCode',
] as const

export type CommandId = (typeof COMMANDS)[number]

/** The context key that is set by the first filter, not by the state of the session. */
export const HAS_FILTERED = 'realtimeInspector.hasFiltered'
/** The context key that is set by the first command line for a terminal. */
export const HAS_RUN_IN_TERMINAL = 'realtimeInspector.hasRunInTerminal'

/** Context keys, for `when` clauses and for the steps of the walkthrough that are done. */
export const CONTEXT_KEYS = [
  /** The session has a connection, open or ended. */
  'realtimeInspector.hasConnections',
  /** A connection can be disconnected. */
  'realtimeInspector.hasOpenConnections',
  /** An open connection can send messages. */
  'realtimeInspector.canSend',
  /** The session has events. */
  'realtimeInspector.hasEvents',
  /** Connections that were open before can be opened again. */
  'realtimeInspector.hasReopenable',
  /** A session is served. */
  'realtimeInspector.isServing',
  /** A recording proxy runs. */
  'realtimeInspector.isProxying',
  /** A JavaScript program is being debugged. */
  'realtimeInspector.isDebugging',
  /** A program is attached to. */
  'realtimeInspector.isAttached',
  /** The line that opened a connection is known. */
  'realtimeInspector.hasCode',
  /** The demo server runs. */
  'realtimeInspector.isDemoRunning',
  /** Events were filtered since the editor started. */
  HAS_FILTERED,
  /** A connection of the session was opened by a request of a file. */
  'realtimeInspector.hasRunRequest',
  /** Requests were run in a terminal since the editor started, or the command line was copied. */
  HAS_RUN_IN_TERMINAL,
  /** Events of the session were saved to a file. */
  'realtimeInspector.hasSaved',
] as const

export type ContextKey = (typeof CONTEXT_KEYS)[number]

/** The views of the side bar, in their container. */
export const CONTAINER = 'realtimeInspector'
export const SIDE_BAR = {
  connections: 'realtimeInspector.connections',
  requests: 'realtimeInspector.requests',
  recordings: 'realtimeInspector.recordings',
  servers: 'realtimeInspector.servers',
} as const

/** View types of webview panels that are restored after a reload; each has an activation event. */
export const VIEWS = { panel: 'realtimeInspector.panel' } as const

/** View type of the panel of a comparison, which is not restored after a reload. */
export const COMPARISON = 'realtimeInspector.comparison'

/** View types of custom editors, for session files and for HAR files. */
export const EDITORS = { session: 'realtimeInspector.session', har: 'realtimeInspector.har' } as const

/**
 * The extension opens connections from where it runs. It runs with the workspace, so that `localhost` is the remote
 * machine, the container or the WSL of the workspace. If it is installed only on the user's machine, it runs there.
 */
export const EXTENSION_KIND = ['workspace', 'ui'] as const
