/** The settings of package.json with their types, defaults and bounds; a test compares the two. Does not import `vscode`. */

import type { Dialect } from '../../shared/dialect.ts'
import type { MutedRule } from '../../shared/protocol/findings.ts'
import {
  DEFAULT_INTERVAL,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_MAX_MESSAGE_SIZE,
  DEFAULT_TIMEOUT,
} from '../../shared/spec.ts'
import type { WhenDiskFull } from '../../shared/status.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'

/** How connections reconnect by default; `auto` means with backoff once they have been open. */
export const RECONNECT_SETTINGS = ['auto', 'never', 'backoff'] as const

/** Files of certificates for a host (see `HostCertificates`). */
export interface CertificateEntry {
  readonly host: string
  readonly ca?: string | readonly string[] | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly pfx?: string | undefined
}

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
  'realtimeInspector.protocols': readonly Dialect[]
  'realtimeInspector.replyKeys': readonly string[]
  'realtimeInspector.codeLens': boolean
  'realtimeInspector.confirmEnvironments': readonly string[]
  'realtimeInspector.certificates': readonly CertificateEntry[]
  'realtimeInspector.findings.muted': readonly (string | MutedRule)[]
  'realtimeInspector.findings.thresholds': Readonly<Record<string, number>>
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
  'realtimeInspector.protocols': [],
  'realtimeInspector.replyKeys': [
    ...['id', 'replyTo', 'correlationId', 'requestId', 'inReplyTo'],
    ...['reply_to', 'correlation_id', 'request_id', 'in_reply_to', 'ref'],
  ],
  'realtimeInspector.codeLens': true,
  'realtimeInspector.confirmEnvironments': ['production', 'prod'],
  'realtimeInspector.certificates': [],
  'realtimeInspector.findings.muted': [],
  'realtimeInspector.findings.thresholds': {},
}

/** The minimum and the maximum of settings that are integers. */
export const SETTING_BOUNDS = {
  'realtimeInspector.maxMessageSize': [1, 2 ** 32 - 2],
  'realtimeInspector.memoryLimitMB': [16, 1_048_576],
  'realtimeInspector.spoolLimitMB': [16, 1_073_741_824],
  'realtimeInspector.maxEvents': [1000, 100_000_000],
  'realtimeInspector.maxAttempts': [1, 2 ** 31 - 1],
  'realtimeInspector.pollInterval': [1, MAX_TIMER_DELAY],
  'realtimeInspector.timeout': [1, MAX_TIMER_DELAY],
} as const satisfies { readonly [K in NumberSetting]: readonly [least: number, largest: number] }

export type NumberSetting = {
  [K in keyof Settings]: Settings[K] extends number ? K : never
}[keyof Settings]
