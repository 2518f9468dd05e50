/** Writes the report on a session to a file. */
import { writeFile } from 'node:fs/promises'
import * as vscode from 'vscode'
import type { ReportFormat } from '../../shared/protocol.ts'
import { extensionOf } from '../files/file-names.ts'
import { writeThrough } from '../files/local-file.ts'
import { RecordingSession } from '../session/recording-session.ts'
import { askWhere, type SaveOptions } from './save-session.ts'

const FILTERS = { HTML: ['html'], Markdown: ['md'] }

/** By the extension of the file. */
const FORMATS: Readonly<Record<string, ReportFormat>> = { html: 'html', htm: 'html', md: 'markdown' }

/** Asks for a file unless one is given. Returns false if the user cancels. */
export async function exportReport(
  { session, storage }: Pick<SaveOptions, 'session' | 'storage'>,
  given?: vscode.Uri,
): Promise<boolean> {
  const source = session instanceof RecordingSession ? session.uri : undefined
  const uri = given ?? (await askWhere(vscode.l10n.t('Export Report'), FILTERS, source))
  if (uri === undefined) return false
  const format = FORMATS[extensionOf(uri)] ?? 'html'
  const { text } = await session.call('reportDocument', { format }, 0)
  await writeThrough(storage, uri, (path) => writeFile(path, text))
  if (given === undefined) await vscode.commands.executeCommand('vscode.open', uri)
  return true
}
