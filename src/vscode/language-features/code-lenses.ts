/** The code lens *Inspect* above each constructor of a connection. */
import * as vscode from 'vscode'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { onSetting, showsCodeLenses } from '../settings/current-settings.ts'
import { CONNECT, searchDocument } from './document-connections.ts'
import { findConstructors } from './find-connections.ts'

/** Languages with the constructors `WebSocket` and `EventSource`. VS Code knows some of them only by an extension. */
const SCRIPTS: vscode.DocumentSelector = [
  'javascript',
  'javascriptreact',
  'typescript',
  'typescriptreact',
  'html',
  { pattern: '**/*.{vue,svelte}' },
]

export function registerCodeLenses(): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>()
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) =>
      showsCodeLenses()
        ? searchDocument(document, findConstructors).map(([range, spec]) => lensOf(range, spec))
        : [],
  }
  return vscode.Disposable.from(
    changed,
    onSetting('realtimeInspector.codeLens', () => changed.fire()),
    vscode.languages.registerCodeLensProvider(SCRIPTS, provider),
  )
}

function lensOf(range: vscode.Range, spec: ConnectionSpec): vscode.CodeLens {
  return new vscode.CodeLens(range, {
    title: vscode.l10n.t('Inspect'),
    tooltip: vscode.l10n.t('Connect in Realtime Inspector'),
    command: CONNECT,
    arguments: [spec],
  })
}
