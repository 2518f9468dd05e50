/** The current settings of the extension. */
import * as vscode from 'vscode'
import type { EngineSettings } from '../../shared/protocol.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import {
  fillSpec,
  readConfirmedEnvironments,
  readEngineSettings,
  readMaskFields,
  readReplyKeys,
} from './read-settings.ts'
import type { Settings } from './settings.ts'
import { userDialects } from './user-dialects.ts'

function get(key: keyof Settings): unknown {
  return vscode.workspace.getConfiguration().get(key)
}

/** Whether to ask about unsaved events when the panel is closed. */
export function confirmsClose(): boolean {
  return get('realtimeInspector.confirmClose') !== false
}

/** Whether editors show *Inspect* above the constructors of connections. */
export function showsCodeLenses(): boolean {
  return get('realtimeInspector.codeLens') !== false
}

/** Names and JSONPaths of the fields to mask in files. */
export function maskFields(): readonly string[] {
  return readMaskFields(get)
}

/** Names of the fields by which an answer names its request. */
export function replyKeys(): readonly string[] {
  return readReplyKeys(get)
}

/** Whether an environment asks before a request runs in it. */
export function confirmedEnvironments(): (name: string) => boolean {
  return readConfirmedEnvironments(get)
}

/** Calls `changed` when the user changes a setting. */
export function onSetting(key: keyof Settings, changed: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(key) && changed())
}

/** What a new engine gets: limits, and the users' own dialects. */
export function engineSettings(): EngineSettings {
  return { ...readEngineSettings(get), dialects: userDialects() }
}

/** Adds the settings for options that the specification leaves out. */
export function withDefaults(spec: ConnectionSpec): ConnectionSpec {
  return fillSpec(spec, get)
}
