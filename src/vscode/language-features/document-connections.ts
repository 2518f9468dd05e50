/** Searches a document of an editor for connections. */
import * as vscode from 'vscode'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { CommandId } from '../contributions.ts'
import type { FoundConnection } from './find-connections.ts'

/** Maximum number of characters of a document. Larger ones are not searched. */
const MAX_TEXT = 1_000_000

/** The command of a code lens or link; its argument is the specification of the connection. */
export const CONNECT: CommandId = 'realtimeInspector.connect'

/** The connections that `find` finds in a document, with their places. */
export function searchDocument(
  document: vscode.TextDocument,
  find: (text: string) => FoundConnection[],
): [vscode.Range, ConnectionSpec][] {
  const { end } = document.lineAt(document.lineCount - 1).range
  if (document.offsetAt(end) > MAX_TEXT) return []
  return find(document.getText()).map(({ start, end, spec }) => [
    new vscode.Range(document.positionAt(start), document.positionAt(end)),
    spec,
  ])
}
