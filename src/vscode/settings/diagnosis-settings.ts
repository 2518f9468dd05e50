/** The settings about rules: which are muted, and their thresholds. Read for engines, and changed for the page. */
import * as vscode from 'vscode'
import { isMutedBy, placeOf, withoutMuted } from '../../shared/muted-rules.ts'
import type { DiagnosisSettings, MutedRule } from '../../shared/protocol/findings.ts'
import { readMutedRules, readThresholds } from './read-diagnosis-settings.ts'
import type { Settings } from './settings.ts'

type Key = 'realtimeInspector.findings.muted' | 'realtimeInspector.findings.thresholds'

const MUTED = 'realtimeInspector.findings.muted' satisfies Key
const THRESHOLDS = 'realtimeInspector.findings.thresholds' satisfies Key

export function diagnosisSettings(): DiagnosisSettings {
  const get = (key: keyof Settings) => vscode.workspace.getConfiguration().get(key)
  return { muted: readMutedRules(get), thresholds: readThresholds(get) }
}

/** Calls `changed` when the user changes one of them. */
export function onDiagnosisSettings(changed: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(MUTED) || event.affectsConfiguration(THRESHOLDS)) changed()
  })
}

/** Mutes a rule for the origin and path of `url`, or with undefined everywhere. */
export async function muteRule(rule: string, url: string | undefined): Promise<void> {
  const { muted } = diagnosisSettings()
  if (isMutedBy(muted, rule, url ?? '')) return
  await update(MUTED, [...muted, url === undefined ? { rule } : { rule, url: placeOf(url) }].map(written))
}

/** Removes what mutes a rule for `url`, or with undefined for the whole session. */
export async function unmuteRule(rule: string, url: string | undefined): Promise<void> {
  await update(MUTED, withoutMuted(diagnosisSettings().muted, rule, url ?? '').map(written))
}

/** Sets the threshold of a rule; null for its default. */
export async function setThreshold(rule: string, value: number | null): Promise<void> {
  const { [rule]: _, ...others } = diagnosisSettings().thresholds
  await update(THRESHOLDS, value === null ? others : { ...others, [rule]: value })
}

function written({ rule, url }: MutedRule): string | MutedRule {
  return url === undefined ? rule : { rule, url }
}

/** Changes a setting where it is set: in the workspace, otherwise for the user. An empty value is the default. */
async function update(key: Key, value: readonly unknown[] | object): Promise<void> {
  const configuration = vscode.workspace.getConfiguration()
  const isInWorkspace = configuration.inspect(key)?.workspaceValue !== undefined
  const isEmpty = Object.keys(value).length === 0
  await configuration.update(
    key,
    isEmpty && !isInWorkspace ? undefined : value,
    isInWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  )
}
