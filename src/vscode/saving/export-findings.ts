/** Writes what the rules have found in a session to a file. */
import { writeFile } from 'node:fs/promises'
import * as vscode from 'vscode'
import { findingsJson, findingsMarkdown } from '../../shared/finding-document.ts'
import { extensionOf } from '../files/file-names.ts'
import { writeThrough } from '../files/local-file.ts'
import { RecordingSession } from '../session/recording-session.ts'
import { askWhere, type SaveOptions } from './save-session.ts'

const FILTERS = { Markdown: ['md'], JSON: ['json'] }

/** Asks for a file unless one is given: JSON if its extension says so, else Markdown. Returns false if the user cancels. */
export async function exportFindings(
  { session, storage }: Pick<SaveOptions, 'session' | 'storage'>,
  given?: vscode.Uri,
): Promise<boolean> {
  const source = session instanceof RecordingSession ? session.uri : undefined
  const uri = given ?? (await askWhere(vscode.l10n.t('Export Findings'), FILTERS, source))
  if (uri === undefined) return false
  const list = await session.call('findings', null)
  const text =
    extensionOf(uri) === 'json'
      ? `${findingsJson(list.findings)}\n`
      : findingsMarkdown(list, session.connections)
  await writeThrough(storage, uri, (path) => writeFile(path, text))
  if (given === undefined) await vscode.commands.executeCommand('vscode.open', uri)
  return true
}
