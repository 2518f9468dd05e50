/** Opens the line of a program that opened a connection or sent a message. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { SourceLocation } from '../../shared/traffic-source.ts'
import { chooseConnection } from '../session/choose-connection.ts'
import type { LiveSession } from '../session/live-session.ts'
import { askChoice } from '../ui/asking.ts'
import { parseId, readOptions } from '../ui/command-arguments.ts'
import { cancelled, type Notifier } from '../ui/notifier.ts'
import type { DebugSessions } from './debug-sessions.ts'
import { debuggedSource } from './debugged-sources.ts'
import { sourceFiles } from './source-files.ts'
import { LOCATION } from './source-path.ts'

export interface GoToCodeOptions {
  readonly session: LiveSession
  readonly debugSessions: DebugSessions
  readonly notifier: Notifier
}

/**
 * Opens a file of the workspace, or a source of a program that is being debugged, at the location. Nothing else is opened, because
 * the location comes from a program. Says so if there is no such file. Rejects with `CANCELLED`.
 */
export async function goToCode(
  location: SourceLocation,
  { debugSessions, notifier }: Omit<GoToCodeOptions, 'session'>,
): Promise<void> {
  const { files, isSure } = await sourceFiles(location.file)
  const [only] = files
  const isClear = files.length === 1 && isSure
  const source = isClear ? undefined : await debuggedSource(debugSessions.all, location.file)
  if (isClear && only !== undefined) await open(only, location)
  else if (source !== undefined) await open(source, location)
  else if (files.length > 0) await open(await askFile(files, location, isSure), location)
  else sayMissing(location, notifier)
}

/** The place as people write it: `src/main.ts:12:5`. */
export function locationText({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`
}

function sayMissing(location: SourceLocation, notifier: Notifier): void {
  const text = locationText(location)
  notifier.warning(
    vscode.l10n.t(
      'The workspace has no file for {0}. Open the folder with the sources of the program, or debug it here.',
      text,
    ),
    { title: vscode.l10n.t('Copy Location'), run: () => vscode.env.clipboard.writeText(text) },
  )
}

async function askFile(
  files: readonly vscode.Uri[],
  location: SourceLocation,
  isSure: boolean,
): Promise<vscode.Uri> {
  const items = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
  const chosen = await askChoice(items, {
    title: vscode.l10n.t('Go to Code'),
    placeHolder: isSure
      ? vscode.l10n.t('Several files match {0}', locationText(location))
      : vscode.l10n.t('Only the name of these files matches {0}', locationText(location)),
  })
  if (chosen === undefined) throw cancelled()
  return chosen.uri
}

/** Beside the panel, which stays in view. */
async function open(uri: vscode.Uri, { line, column }: SourceLocation): Promise<void> {
  const at = new vscode.Position(line - 1, column - 1)
  const viewColumn = vscode.window.visibleTextEditors.at(0)?.viewColumn ?? vscode.ViewColumn.Beside
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at), viewColumn })
}

/** The command: of a connection, of a location, or of the connection that the user picks. */
export function goToCodeCommand(options: GoToCodeOptions) {
  const { session } = options
  return async (argument: unknown) => await goToCode(await locationOf(session, argument), options)
}

async function locationOf(session: LiveSession, argument: unknown): Promise<SourceLocation> {
  if (typeof argument === 'object' && argument !== null && 'file' in argument) {
    const wrong = vscode.l10n.t('Name a place by its {file, line, column}; lines and columns count from 1.')
    const location = readOptions(argument, LOCATION, wrong)
    if (location !== undefined) return location
  }
  const known = session.connections.filter(({ initiator }) => initiator !== undefined)
  const none = vscode.l10n.t(
    'The line that opened a connection is known only of programs that are debugged. Use “Inspect the Program Being Debugged” first.',
  )
  const id =
    parseId(argument) ?? (await chooseConnection(session.labels, known, vscode.l10n.t('Go to Code'), none))
  const location = session.connections.find((each) => each.id === id)?.initiator
  if (location === undefined) throw new Failure('NO_CODE', none)
  return location
}
