/** Reads settings, which may have invalid values, for the engine and for connections. Does not import `vscode`. */

import { MAX_WISH, MAX_WISHES } from '../../shared/protocol/filtering.ts'
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
} from './settings.ts'

/** Returns a setting as it is in the user's files, without validation. */
export type GetSetting = (key: keyof Settings) => unknown

const MB = 1024 * 1024

/**
 * VS Code validates settings only while the user types. A value that is not a positive number counts as unset, and
 * the bounds limit the others.
 */
function readNumber(get: GetSetting, key: NumberSetting): number {
  const value = get(key)
  if (typeof value !== 'number' || !(value > 0)) return SETTINGS[key]
  const [least, largest] = SETTING_BOUNDS[key]
  return Math.min(Math.max(Math.floor(value), least), largest)
}

/** The value of an enumerated setting, or its default if the value is not one of `choices`. */
function readChoice<K extends 'realtimeInspector.reconnect' | 'realtimeInspector.whenDiskFull'>(
  get: GetSetting,
  key: K,
  choices: readonly Settings[K][],
): Settings[K] {
  const value = get(key)
  return choices.find((choice) => choice === value) ?? SETTINGS[key]
}

/** Limits of a new engine. */
export function readEngineSettings(get: GetSetting): EngineSettings {
  return {
    memoryLimit: readNumber(get, 'realtimeInspector.memoryLimitMB') * MB,
    spoolLimit: readNumber(get, 'realtimeInspector.spoolLimitMB') * MB,
    maxEvents: readNumber(get, 'realtimeInspector.maxEvents'),
    maxMessageSize: readNumber(get, 'realtimeInspector.maxMessageSize'),
    whenDiskFull: readChoice(get, 'realtimeInspector.whenDiskFull', WHEN_DISK_FULL),
  }
}

/** Maximum number of fields to mask. */
const MAX_MASKS = 100

/** Names and JSONPaths of the fields to mask in files. */
export function readMaskFields(get: GetSetting): readonly string[] {
  return readTexts(get, 'realtimeInspector.maskFields', MAX_MASKS)
}

/** Names of the fields by which an answer names its request. */
export function readReplyKeys(get: GetSetting): readonly string[] {
  const keys = readTexts(get, 'realtimeInspector.replyKeys', MAX_WISHES)
  return keys.filter((key) => key.length <= MAX_WISH)
}

/** Maximum number of names of environments that ask. */
const MAX_ENVIRONMENTS = 100

/** Whether an environment asks before a request runs in it: one of the names is its name, or a word in it. */
export function readConfirmedEnvironments(get: GetSetting): (name: string) => boolean {
  const names = readTexts(get, 'realtimeInspector.confirmEnvironments', MAX_ENVIRONMENTS)
  const asking = new Set(names.map((name) => name.toLowerCase()))
  return (name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)].some((word) => asking.has(word.toLowerCase()))
}

function readTexts(
  get: GetSetting,
  key:
    | 'realtimeInspector.maskFields'
    | 'realtimeInspector.replyKeys'
    | 'realtimeInspector.confirmEnvironments',
  most: number,
): readonly string[] {
  const value = get(key)
  if (!Array.isArray(value)) return SETTINGS[key]
  return value.filter((each) => typeof each === 'string' && each.trim() !== '').slice(0, most)
}

/** Adds the settings for options that the specification leaves out. Settings at their defaults add nothing. */
export function fillSpec(spec: ConnectionSpec, get: GetSetting): ConnectionSpec {
  const reconnect = readChoice(get, 'realtimeInspector.reconnect', RECONNECT_SETTINGS)
  const maxMessageSize = readNumber(get, 'realtimeInspector.maxMessageSize')
  const maxAttempts = readNumber(get, 'realtimeInspector.maxAttempts')
  const interval = readNumber(get, 'realtimeInspector.pollInterval')
  const timeout = readNumber(get, 'realtimeInspector.timeout')
  // For a long-poll, the interval means something else: the pause after a server that responds at once.
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

/** Leaves out the options that are undefined. */
function said(spec: ConnectionSpec): ConnectionSpec {
  const { url, ...rest } = spec
  return { url, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) }
}
