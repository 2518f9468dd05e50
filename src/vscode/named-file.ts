/** Files as commands are given them. */
import * as vscode from 'vscode'
import { Failure } from '../shared/failure.ts'

/** A file by its URI or its path; undefined where none is named. */
export function asUri(argument: unknown): vscode.Uri | undefined {
  if (argument === undefined || argument instanceof vscode.Uri) return argument
  if (typeof argument === 'string') return vscode.Uri.file(argument)
  throw new Failure('BAD_ARGUMENT', 'A session file is named by its URI or its path.')
}
