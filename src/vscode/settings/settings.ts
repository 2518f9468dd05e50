/** The extension's settings as the user has them. */
import * as vscode from 'vscode'
import type { EngineSettings } from '../../shared/protocol.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { Settings } from '../contributions.ts'
import { fillSpec, readEngineSettings, readMaskFields } from './setting-values.ts'

function get(key: keyof Settings): unknown {
  return vscode.workspace.getConfiguration().get(key)
}

/** Whether closing the panel asks about what was not saved. */
export function confirmsClose(): boolean {
  return get('realtimeInspector.confirmClose') !== false
}

/** Names and JSONPaths of what is masked in files. */
export function maskFields(): readonly string[] {
  return readMaskFields(get)
}

/** Bounds of an engine started now. */
export function engineSettings(): EngineSettings {
  return readEngineSettings(get)
}

/** The spec with what the settings say where it says nothing. */
export function withDefaults(spec: ConnectionSpec): ConnectionSpec {
  return fillSpec(spec, get)
}
