/** Files as commands are given them. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'

/** Whether an argument is what a menu passes after the file: the files chosen beside it, or the editor's place. */
export function isMenuContext(argument: unknown): boolean {
  return (
    Array.isArray(argument) || (typeof argument === 'object' && argument !== null && 'groupId' in argument)
  )
}

/** A file by its URI or its path; undefined where none is named. */
export function asUri(argument: unknown): vscode.Uri | undefined {
  if (argument === undefined || argument instanceof vscode.Uri) return argument
  if (typeof argument === 'string') return vscode.Uri.file(argument)
  throw new Failure('BAD_ARGUMENT', 'A session file is named by its URI or its path.')
}

/** The last part of its path. */
export function nameOf({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
