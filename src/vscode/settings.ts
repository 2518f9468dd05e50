/** The extension's settings as the user has them, and what they make of the engine and of a connection. */
import * as vscode from 'vscode'
import type { EngineSettings } from '../shared/protocol.ts'
import {
  type ConnectionSpec,
  DEFAULT_INTERVAL,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_MAX_MESSAGE_SIZE,
  DEFAULT_TIMEOUT,
} from '../shared/spec.ts'
import { RECONNECT_SETTINGS, SETTINGS, type Settings } from './contributions.ts'

const MB = 1024 * 1024

function read<K extends keyof Settings>(key: K): unknown {
  return vscode.workspace.getConfiguration().get(key)
}

type NumberKey = { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings]

/** The editor checks settings only while they are typed: what is no positive number is as if unset. */
function readNumber(key: NumberKey): number {
  const value = read(key)
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : SETTINGS[key]
}

function readReconnect(): Settings['realtimeInspector.reconnect'] {
  const value = read('realtimeInspector.reconnect')
  return RECONNECT_SETTINGS.find((policy) => policy === value) ?? SETTINGS['realtimeInspector.reconnect']
}

/** Whether closing the panel asks about what was not saved. */
export function confirmsClose(): boolean {
  return read('realtimeInspector.confirmClose') !== false
}

/** Bounds of an engine started now. */
export function engineSettings(): EngineSettings {
  return {
    memoryLimit: readNumber('realtimeInspector.memoryLimitMB') * MB,
    spoolLimit: readNumber('realtimeInspector.spoolLimitMB') * MB,
    maxEvents: readNumber('realtimeInspector.maxEvents'),
    maxMessageSize: readNumber('realtimeInspector.maxMessageSize'),
  }
}

/** The spec with what the settings say where it says nothing; a setting left at its default adds nothing. */
export function withDefaults(spec: ConnectionSpec): ConnectionSpec {
  const reconnect = readReconnect()
  const maxMessageSize = readNumber('realtimeInspector.maxMessageSize')
  const maxAttempts = readNumber('realtimeInspector.maxAttempts')
  const interval = readNumber('realtimeInspector.pollInterval')
  const timeout = readNumber('realtimeInspector.timeout')
  return {
    ...(reconnect === 'auto' ? {} : { reconnect }),
    ...(maxMessageSize === DEFAULT_MAX_MESSAGE_SIZE ? {} : { maxMessageSize }),
    ...(maxAttempts === DEFAULT_MAX_ATTEMPTS ? {} : { maxAttempts }),
    ...(interval === DEFAULT_INTERVAL ? {} : { interval }),
    ...(timeout === DEFAULT_TIMEOUT ? {} : { timeout }),
    ...spec,
  }
}
