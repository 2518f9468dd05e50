/** Reads the files that requests name, and files of environments: documents of editors as they are shown. */
import { homedir } from 'node:os'
import { basename, dirname, resolve } from 'node:path'
import * as vscode from 'vscode'
import type { RequestFiles } from '../../request/variables/variables.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'

/** Bytes of a file that is read. */
const MAX_FILE = 64 * 1024 * 1024

/** A file by what variables and requests call it: its path on this machine, or its URI if it is elsewhere. */
export function pathOf(uri: vscode.Uri): string {
  const place = placeOf(uri)
  return place.scheme === 'file' ? place.fsPath : place.toString()
}

/** Where the file is. One that is not saved yet is as if it were in the first folder of the workspace. */
export function placeOf(uri: vscode.Uri): vscode.Uri {
  if (uri.scheme !== 'untitled') return uri
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir())
  return vscode.Uri.joinPath(folder, basename(uri.path))
}

/** The file of a `pathOf`. */
export function uriAt(path: string): vscode.Uri {
  return isUri(path) ? vscode.Uri.parse(path, true) : vscode.Uri.file(path)
}

/** More than one letter, which would be a drive of Windows. */
function isUri(path: string): boolean {
  return /^[a-z][a-z\d+.-]+:/i.test(path)
}

/** The document of a file, if an editor has it. */
export function documentOf(uri: vscode.Uri): vscode.TextDocument | undefined {
  const wanted = uri.toString()
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === wanted)
}

export const REQUEST_FILES: RequestFiles = {
  read: async (path) => {
    const uri = uriAt(path)
    const document = documentOf(uri)
    if (document !== undefined) return new TextEncoder().encode(document.getText())
    try {
      const { size, type } = await vscode.workspace.fs.stat(uri)
      if ((type & vscode.FileType.File) === 0) return undefined
      if (size > MAX_FILE)
        throw new Failure('TOO_LARGE', vscode.l10n.t('{0} has more than 64 MiB. Use a smaller file.', path))
      return await vscode.workspace.fs.readFile(uri)
    } catch (thrown) {
      if (isMissing(thrown)) return undefined
      if (thrown instanceof Failure) throw thrown
      throw new Failure('NO_FILE', vscode.l10n.t('{0} cannot be read: {1}', path, sentenceOf(thrown)))
    }
  },
  resolve: (file, reference) => {
    if (!isUri(file)) return resolve(dirname(file), reference)
    const uri = vscode.Uri.parse(file, true)
    if (reference.startsWith('/')) return uri.with({ path: reference }).toString()
    return vscode.Uri.joinPath(uri, '..', reference).toString()
  },
}

/** Whether there is such a file. */
export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri)
    return true
  } catch {
    // There is none, or it cannot be reached.
    return false
  }
}

function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof vscode.FileSystemError &&
    (thrown.code === 'FileNotFound' || thrown.code === 'FileNotADirectory')
  )
}
