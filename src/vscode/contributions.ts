/** The contributions of package.json with their types; a test compares the two. Does not import `vscode`. */

import {
  DEFAULT_INTERVAL,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_MAX_MESSAGE_SIZE,
  DEFAULT_TIMEOUT,
} from '../shared/spec.ts'
import type { WhenDiskFull } from '../shared/status.ts'

/** Command ids. */
export const COMMANDS = [
  'realtimeInspector.connect',
  'realtimeInspector.disconnect',
  'realtimeInspector.reconnect',
  'realtimeInspector.send',
  'realtimeInspector.mark',
  'realtimeInspector.clear',
  'realtimeInspector.saveSession',
  'realtimeInspector.openSession',
  'realtimeInspector.replaySession',
  'realtimeInspector.resendSession',
  'realtimeInspector.exportHar',
  'realtimeInspector.exportMessages',
  'realtimeInspector.copySessionAs',
  'realtimeInspector.serveSession',
  'realtimeInspector.compareSessions',
  'realtimeInspector.showServers',
  'realtimeInspector.recoverSession',
  'realtimeInspector.showPanel',
  'realtimeInspector.showLog',
  'realtimeInspector.reopen',
  'realtimeInspector.openPayload',
  'realtimeInspector.comparePayloads',
  'realtimeInspector.copyPayloadAs',
  'realtimeInspector.savePayload',
  'realtimeInspector.startDemo',
  'realtimeInspector.stopDemo',
] as const

export type CommandId = (typeof COMMANDS)[number]

/** Context keys, for `when` clauses. */
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
  /** The demo server runs. */
  'realtimeInspector.isDemoRunning',
] as const

export type ContextKey = (typeof CONTEXT_KEYS)[number]

/** How connections reconnect by default; `auto` means with backoff once they have been open. */
export const RECONNECT_SETTINGS = ['auto', 'never', 'backoff'] as const

export interface Settings {
  'realtimeInspector.maxMessageSize': number
  'realtimeInspector.memoryLimitMB': number
  'realtimeInspector.spoolLimitMB': number
  'realtimeInspector.maxEvents': number
  'realtimeInspector.whenDiskFull': WhenDiskFull
  'realtimeInspector.reconnect': (typeof RECONNECT_SETTINGS)[number]
  'realtimeInspector.maxAttempts': number
  'realtimeInspector.pollInterval': number
  'realtimeInspector.timeout': number
  'realtimeInspector.confirmClose': boolean
  'realtimeInspector.maskFields': readonly string[]
}

/** Settings and their defaults. */
export const SETTINGS: Settings = {
  'realtimeInspector.maxMessageSize': DEFAULT_MAX_MESSAGE_SIZE,
  'realtimeInspector.memoryLimitMB': 256,
  'realtimeInspector.spoolLimitMB': 4096,
  'realtimeInspector.maxEvents': 5_000_000,
  'realtimeInspector.whenDiskFull': 'keepNewest',
  'realtimeInspector.reconnect': 'auto',
  'realtimeInspector.maxAttempts': DEFAULT_MAX_ATTEMPTS,
  'realtimeInspector.pollInterval': DEFAULT_INTERVAL,
  'realtimeInspector.timeout': DEFAULT_TIMEOUT,
  'realtimeInspector.confirmClose': true,
  'realtimeInspector.maskFields': [],
}

/** The minimum and the maximum of settings that are integers. */
export const SETTING_BOUNDS = {
  'realtimeInspector.maxMessageSize': [1, 2 ** 32 - 2],
  'realtimeInspector.memoryLimitMB': [16, 1_048_576],
  'realtimeInspector.spoolLimitMB': [16, 1_073_741_824],
  'realtimeInspector.maxEvents': [1000, 100_000_000],
  'realtimeInspector.maxAttempts': [1, 2 ** 31 - 1],
  'realtimeInspector.pollInterval': [1, 2 ** 31 - 1],
  'realtimeInspector.timeout': [1, 2 ** 31 - 1],
} as const satisfies { readonly [K in NumberSetting]: readonly [least: number, largest: number] }

export type NumberSetting = {
  [K in keyof Settings]: Settings[K] extends number ? K : never
}[keyof Settings]

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
