/** What the settings make of the engine and of a connection, whatever stands in them. Imports nothing of `vscode`. */

import type { EngineSettings } from '../../shared/protocol.ts'
import {
  type ConnectionSpec,
  DEFAULT_INTERVAL,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_MAX_MESSAGE_SIZE,
  DEFAULT_TIMEOUT,
} from '../../shared/spec.ts'
import { WHEN_DISK_FULL } from '../../shared/status.ts'
import {
  type NumberSetting,
  RECONNECT_SETTINGS,
  SETTING_BOUNDS,
  SETTINGS,
  type Settings,
} from '../contributions.ts'

/** A setting as it stands in the user's files. */
export type GetSetting = (key: keyof Settings) => unknown

const MB = 1024 * 1024

/**
 * The editor checks settings only while they are typed: what is no positive number is as if unset, and beyond a
 * bound the bound holds.
 */
function readNumber(get: GetSetting, key: NumberSetting): number {
  const value = get(key)
  if (typeof value !== 'number' || !(value > 0)) return SETTINGS[key]
  const [least, largest] = SETTING_BOUNDS[key]
  return Math.min(Math.max(Math.floor(value), least), largest)
}

/** The value of a setting with a list of them; its default if it has another. */
function readChoice<K extends 'realtimeInspector.reconnect' | 'realtimeInspector.whenDiskFull'>(
  get: GetSetting,
  key: K,
  choices: readonly Settings[K][],
): Settings[K] {
  const value = get(key)
  return choices.find((choice) => choice === value) ?? SETTINGS[key]
}

/** Bounds of an engine started now. */
export function readEngineSettings(get: GetSetting): EngineSettings {
  return {
    memoryLimit: readNumber(get, 'realtimeInspector.memoryLimitMB') * MB,
    spoolLimit: readNumber(get, 'realtimeInspector.spoolLimitMB') * MB,
    maxEvents: readNumber(get, 'realtimeInspector.maxEvents'),
    maxMessageSize: readNumber(get, 'realtimeInspector.maxMessageSize'),
    whenDiskFull: readChoice(get, 'realtimeInspector.whenDiskFull', WHEN_DISK_FULL),
  }
}

/** Fields masked at most. */
const MOST_MASKS = 100

/** Names and JSONPaths of what is masked in files. */
export function readMaskFields(get: GetSetting): readonly string[] {
  const value = get('realtimeInspector.maskFields')
  if (!Array.isArray(value)) return SETTINGS['realtimeInspector.maskFields']
  return value.filter((each) => typeof each === 'string' && each.trim() !== '').slice(0, MOST_MASKS)
}

/** The spec with what the settings say where it says nothing; a setting left at its default adds nothing. */
export function fillSpec(spec: ConnectionSpec, get: GetSetting): ConnectionSpec {
  const reconnect = readChoice(get, 'realtimeInspector.reconnect', RECONNECT_SETTINGS)
  const maxMessageSize = readNumber(get, 'realtimeInspector.maxMessageSize')
  const maxAttempts = readNumber(get, 'realtimeInspector.maxAttempts')
  const interval = readNumber(get, 'realtimeInspector.pollInterval')
  const timeout = readNumber(get, 'realtimeInspector.timeout')
  // Of a long-poll the interval means something else: how a server is spared that answers at once.
  const isPoll = spec.transport === 'poll'
  return {
    ...(reconnect === 'auto' ? {} : { reconnect }),
    ...(maxMessageSize === DEFAULT_MAX_MESSAGE_SIZE ? {} : { maxMessageSize }),
    ...(maxAttempts === DEFAULT_MAX_ATTEMPTS ? {} : { maxAttempts }),
    ...(interval === DEFAULT_INTERVAL || !isPoll ? {} : { interval }),
    ...(timeout === DEFAULT_TIMEOUT ? {} : { timeout }),
    ...said(spec),
  }
}

/** What is undefined was not said. */
function said(spec: ConnectionSpec): ConnectionSpec {
  const { url, ...rest } = spec
  return { url, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) }
}
