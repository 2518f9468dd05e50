/** Saves a session or a part of it: asks for a file, says what was masked, and offers what to do next. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { ExportFormat, Part, Saved } from '../../shared/protocol/saving.ts'
import { splitMasks } from '../../shared/secrets/mask-list.ts'
import { hasExtension, proposedName } from '../files/file-names.ts'
import { writeThrough } from '../files/local-file.ts'
import type { EngineSession } from '../session/engine-session.ts'
import { maskFields } from '../settings/current-settings.ts'
import { asking, askText } from '../ui/asking.ts'
import { withProgress } from '../ui/cancelling.ts'
import { eventCount } from '../ui/counts.ts'
import type { Action } from '../ui/notifier.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import { isSlow, saveInThread } from './save-in-thread.ts'

export interface SaveOptions extends Pick<Surroundings, 'storage' | 'notifier' | 'extensionUri'> {
  readonly session: EngineSession
}

/** What to write, and how. */
export interface Wanted {
  /** Null for the whole session. */
  readonly part: Part | null
  /** Undefined for a session file. */
  readonly as: ExportFormat | undefined
  /** Names of secrets to write without masking them. */
  readonly reveal: readonly string[]
  /** Names and JSONPaths of fields to mask in payloads, in addition to those in the settings. */
  readonly mask: readonly string[]
}

const WHOLE: Wanted = { part: null, as: undefined, reveal: [], mask: [] }

/** Maximum number of masked secrets that are listed by name. */
const MAX_LISTED = 8

let lastTicket = 0

function requireEvents(session: EngineSession): void {
  if ((session.status?.events ?? 0) === 0)
    throw new Failure(
      'NOTHING_TO_SAVE',
      vscode.l10n.t('There is nothing to save yet. Connect to a server first.'),
    )
}

/** Writes the session to `uri`, with secrets as `***` unless `reveal` names them. */
export async function save(
  options: Omit<SaveOptions, 'notifier'>,
  uri: vscode.Uri,
  { part, as, reveal, mask: named }: Wanted = WHOLE,
  ticket = ++lastTicket,
  signal = new AbortController().signal,
): Promise<Saved> {
  const { session, storage } = options
  requireEvents(session)
  const written = { reveal, mask: [...maskFields(), ...named], part, ticket }
  return await writeThrough(storage, uri, async (path) => {
    if (isSlow(as)) return await saveInThread(options, path, { ...written, as }, signal)
    return await session.call('save', { ...written, path, ...(as !== undefined && { as }) }, 0)
  })
}

/** Saves with a notification that shows the progress and can cancel. */
async function saveVisibly(options: SaveOptions, uri: vscode.Uri, wanted: Wanted): Promise<Saved> {
  const { session, notifier } = options
  const mine = ++lastTicket
  const control = new AbortController()
  return await withProgress(
    vscode.l10n.t('Saving the session'),
    async (report) => {
      const subscription = session.on('progress', ({ ticket, done, of: total }) => {
        if (ticket === mine && total > 0) report((100 * done) / total, eventCount(done))
      })
      return await save(options, uri, wanted, mine, control.signal).finally(() => subscription.dispose())
    },
    () => {
      control.abort()
      session.call('cancelSave', { ticket: mine }).catch((error) => notifier.internal(error))
    },
  )
}

/** In the folder of the recording `source`, or in the workspace. */
function proposedUri(extension: string, source: vscode.Uri | undefined): vscode.Uri | undefined {
  const name = proposedName(source?.path, extension, new Date())
  if (source !== undefined) return vscode.Uri.joinPath(source, '..', name)
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  return folder === undefined ? undefined : vscode.Uri.joinPath(folder, name)
}

/**
 * Asks for the name of a new file. Returns undefined if the user cancels. `source` is the recording that is written.
 */
export async function askWhere(
  title: string,
  filters: Readonly<Record<string, string[]>>,
  source?: vscode.Uri,
): Promise<vscode.Uri | undefined> {
  const extensions = Object.values(filters).flat()
  const defaultUri = proposedUri(extensions[0] ?? 'rtsession', source)
  const uri = await vscode.window.showSaveDialog({
    title,
    filters,
    ...(defaultUri === undefined ? {} : { defaultUri }),
  })
  if (uri === undefined || extensions.some((each) => hasExtension(uri, each))) return uri
  return uri.with({ path: `${uri.path}.${extensions[0]}` })
}

export const SESSION_FILES = { [vscode.l10n.t('Realtime session')]: ['rtsession'] }

/** Asks for a file, saves, and reports it. Returns false if the user cancels. */
export async function askAndSave(options: SaveOptions, part: Part | null = null): Promise<boolean> {
  requireEvents(options.session)
  const title = part === null ? vscode.l10n.t('Save Session') : vscode.l10n.t('Save Part of the Session')
  const uri = await askWhere(title, SESSION_FILES, options.session.uri)
  if (uri === undefined) return false
  await saveAndTell(options, uri, { ...WHOLE, part })
  return true
}

/** Asks for a file, exports to it, and reports it. */
export async function askAndExport(
  options: SaveOptions,
  title: string,
  filters: Readonly<Record<string, ExportFormat[]>>,
): Promise<void> {
  requireEvents(options.session)
  const uri = await askWhere(title, filters, options.session.uri)
  const as = Object.values(filters)
    .flat()
    .find((format) => uri !== undefined && hasExtension(uri, format))
  if (uri !== undefined && as !== undefined) await saveAndTell(options, uri, { ...WHOLE, as })
}

async function saveAndTell(options: SaveOptions, uri: vscode.Uri, wanted: Wanted): Promise<void> {
  const result = await saveVisibly(options, uri, wanted)
  const { masked, withoutPayload = 0, undecoded = [] } = result
  const actions = openActions(uri)
  if (masked.length > 0)
    actions.push({
      title: vscode.l10n.t('Include Secrets…'),
      run: () => askToReveal(options, uri, wanted, [...wanted.reveal, ...masked]),
    })
  actions.push({ title: vscode.l10n.t('Mask Fields…'), run: () => askToMask(options, uri, wanted) })
  options.notifier[withoutPayload > 0 || undecoded.length > 0 ? 'warning' : 'info'](
    savedMessage(result),
    ...actions,
  )
}

/** "Saved 1,204 events. Masked: Authorization, Cookie." */
export function savedMessage({ events, masked, withoutPayload = 0, undecoded = [] }: Saved): string {
  const names = masked.slice(0, MAX_LISTED).join(', ')
  const more = masked.length - MAX_LISTED
  const sentences = [vscode.l10n.t('Saved {0}.', eventCount(events))]
  if (withoutPayload > 0)
    sentences.push(
      vscode.l10n.t('Saved without payloads that had been dropped: {0}.', eventCount(withoutPayload)),
    )
  if (masked.length > 0)
    sentences.push(
      vscode.l10n.t('Masked: {0}.', more > 0 ? vscode.l10n.t('{0} and {1} more', names, more) : names),
    )
  const [problem] = undecoded
  if (problem !== undefined) sentences.push(vscode.l10n.t('Not all messages could be decoded. {0}', problem))
  return sentences.join(' ')
}

/** No secret is preselected: the user has to select each one. */
async function askToReveal(
  options: SaveOptions,
  uri: vscode.Uri,
  wanted: Wanted,
  names: readonly string[],
): Promise<void> {
  const chosen = await asking(() =>
    vscode.window.showQuickPick(
      names.map((label) => ({ label, picked: wanted.reveal.includes(label) })),
      {
        canPickMany: true,
        title: vscode.l10n.t('Secrets to write to the file'),
        placeHolder: vscode.l10n.t('Anyone with the file can read what you select here'),
        ignoreFocusOut: true,
      },
    ),
  )
  if (chosen === undefined) return
  await saveAndTell(options, uri, { ...wanted, reveal: chosen.map(({ label }) => label) })
}

/** Writes the file again with more fields masked. Only the user knows what is secret in a payload. */
async function askToMask(options: SaveOptions, uri: vscode.Uri, wanted: Wanted): Promise<void> {
  const typed = await askText({
    title: vscode.l10n.t('Fields to mask in payloads'),
    prompt: vscode.l10n.t(
      'Names or JSONPaths, separated by commas. The file is written again, with *** in place of their values.',
    ),
    placeHolder: vscode.l10n.t('password, $.auth.token'),
    value: wanted.mask.join(', '),
  })
  await saveAndTell(options, uri, { ...wanted, mask: splitMasks(typed) })
}

/** What the user can do with a file that was just written. */
export function openActions(uri: vscode.Uri): Action[] {
  const action = (title: string, command: string): Action => ({
    title,
    run: () => vscode.commands.executeCommand(command, uri),
  })
  const open = action(vscode.l10n.t('Open'), 'vscode.open')
  const reveal = (command: string) => [open, action(vscode.l10n.t('Reveal'), command)]
  if (vscode.workspace.getWorkspaceFolder(uri) !== undefined) return reveal('revealInExplorer')
  const isLocal = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined
  return isLocal ? reveal('revealFileInOS') : [open]
}
