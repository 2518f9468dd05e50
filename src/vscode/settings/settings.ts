/** The current settings of the extension. */
import * as vscode from 'vscode'
import type { EngineSettings } from '../../shared/protocol.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { Settings } from '../contributions.ts'
import { fillSpec, readEngineSettings, readMaskFields } from './setting-values.ts'

function get(key: keyof Settings): unknown {
  return vscode.workspace.getConfiguration().get(key)
}

/** Whether to ask about unsaved events when the panel is closed. */
export function confirmsClose(): boolean {
  return get('realtimeInspector.confirmClose') !== false
}

/** Names and JSONPaths of the fields to mask in files. */
export function maskFields(): readonly string[] {
  return readMaskFields(get)
}

/** Limits of a new engine. */
export function engineSettings(): EngineSettings {
  return readEngineSettings(get)
}

/** Adds the settings for options that the specification leaves out. */
export function withDefaults(spec: ConnectionSpec): ConnectionSpec {
  return fillSpec(spec, get)
}
