/** Writes the techniques of a session to a file. */
import { writeFile } from 'node:fs/promises'
import * as vscode from 'vscode'
import type { TechniqueQuestion } from '../../shared/protocol/techniques.ts'
import { techniquesMarkdown } from '../../shared/techniques-markdown.ts'
import { extensionOf } from '../files/file-names.ts'
import { writeThrough } from '../files/local-file.ts'
import { RecordingSession } from '../session/recording-session.ts'
import { askWhere, type SaveOptions } from './save-session.ts'

const FILTERS = { Markdown: ['md'], JSON: ['json'] }

/** Asks for a file. Rejects with `CANCELLED`, or returns false if the user cancels. */
export async function exportTechniques(
  { session, storage }: Pick<SaveOptions, 'session' | 'storage'>,
  question: TechniqueQuestion,
): Promise<boolean> {
  const source = session instanceof RecordingSession ? session.uri : undefined
  const uri = await askWhere(vscode.l10n.t('Export Techniques'), FILTERS, source)
  if (uri === undefined) return false
  const report = await session.call('techniques', question, 0)
  const text =
    extensionOf(uri) === 'json' ? `${JSON.stringify(report, null, 2)}\n` : techniquesMarkdown(report)
  await writeThrough(storage, uri, (path) => writeFile(path, text))
  await vscode.commands.executeCommand('vscode.open', uri)
  return true
}
