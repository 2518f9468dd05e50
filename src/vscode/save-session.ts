/** Saving the session: where to, what was masked, and what to do with the file. */
import * as vscode from 'vscode'
import { Failure } from '../shared/failure.ts'
import type { SaveResult } from './api.ts'
import type { EngineSession } from './engine-session.ts'
import { writeThrough } from './local-file.ts'
import type { Action, Notifier } from './notify.ts'

export interface SaveOptions {
  readonly session: EngineSession
  readonly notifier: Notifier
  /** Private folder for files on their way to another file system. */
  readonly storage: string
}

function requireEvents(session: EngineSession): void {
  if ((session.status?.events ?? 0) === 0)
    throw new Failure('NOTHING_TO_SAVE', 'There is nothing to save yet; connect to something first.')
}

/** Writes the session to `uri`; secrets are `***`, except those named in `reveal`. */
export async function save(
  { session, storage }: Pick<SaveOptions, 'session' | 'storage'>,
  uri: vscode.Uri,
  reveal: readonly string[] = [],
): Promise<SaveResult> {
  requireEvents(session)
  return await writeThrough(storage, uri, (path) => session.call('save', { path, reveal }, 0))
}

function proposedUri(): vscode.Uri | undefined {
  const name = `session-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.rtsession`
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  return folder === undefined ? undefined : vscode.Uri.joinPath(folder, name)
}

/** Asks where to, saves, and says what was done. */
export async function askAndSave(options: SaveOptions): Promise<void> {
  requireEvents(options.session)
  const defaultUri = proposedUri()
  const uri = await vscode.window.showSaveDialog({
    title: 'Save Session',
    filters: { 'Realtime session': ['rtsession'] },
    ...(defaultUri === undefined ? {} : { defaultUri }),
  })
  if (uri !== undefined) await saveAndTell(options, uri, [])
}

async function saveAndTell(options: SaveOptions, uri: vscode.Uri, reveal: readonly string[]): Promise<void> {
  const result = await save(options, uri, reveal)
  const { masked } = result
  const includeSecrets: Action = {
    title: 'Include Secrets…',
    run: () => askToReveal(options, uri, [...reveal, ...masked], reveal),
  }
  options.notifier
    .info(told(result), ...openActions(uri), ...(masked.length === 0 ? [] : [includeSecrets]))
    .catch((error) => options.notifier.failure(error))
}

/** "Saved 1,204 events; masked: Authorization, Cookie." */
export function told({ events, masked }: SaveResult): string {
  const saved = `Saved ${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'}`
  return masked.length === 0 ? `${saved}.` : `${saved}; masked: ${masked.join(', ')}.`
}

/** Nothing is chosen beforehand: a secret goes into the file only by its name. */
async function askToReveal(
  options: SaveOptions,
  uri: vscode.Uri,
  names: readonly string[],
  revealed: readonly string[],
): Promise<void> {
  const chosen = await vscode.window.showQuickPick(
    names.map((label) => ({ label, picked: revealed.includes(label) })),
    {
      canPickMany: true,
      title: 'Secrets to write into the file',
      placeHolder: 'Whoever gets the file can read what you choose here',
      ignoreFocusOut: true,
    },
  )
  if (chosen !== undefined)
    await saveAndTell(
      options,
      uri,
      chosen.map(({ label }) => label),
    )
}

/** What can be done with a file just written. */
export function openActions(uri: vscode.Uri): Action[] {
  const open: Action = {
    title: 'Open',
    run: () => vscode.commands.executeCommand('vscode.open', uri),
  }
  if (vscode.workspace.getWorkspaceFolder(uri) !== undefined)
    return [open, { title: 'Reveal', run: () => vscode.commands.executeCommand('revealInExplorer', uri) }]
  if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined)
    return [open, { title: 'Reveal', run: () => vscode.commands.executeCommand('revealFileInOS', uri) }]
  return [open]
}
