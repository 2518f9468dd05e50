/** Files with message types in the editor's file system, and how a workspace remembers them. */
import { posix } from 'node:path'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { foldersUpTo, type SchemaPlace } from '../../decode/protocols/payloads/protobuf/imports.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'

/** A path in a folder of the workspace, which may be moved, or the URI of another file. */
export const rememberedFile = v.union([
  v.object({ folder: v.string(), path: v.string() }),
  v.object({ uri: v.string() }),
])
export type RememberedFile = v.InferOutput<typeof rememberedFile>

export function remember(uri: vscode.Uri): RememberedFile {
  const folder = vscode.workspace.getWorkspaceFolder(uri)
  if (folder === undefined) return { uri: uri.toString() }
  return { folder: folder.name, path: posix.relative(folder.uri.path, uri.path) }
}

/** Throws NO_FILE if the folder is not in the workspace any more. */
export function recall(file: RememberedFile): vscode.Uri {
  if ('uri' in file) return vscode.Uri.parse(file.uri, true)
  const folder = vscode.workspace.workspaceFolders?.find(({ name }) => name === file.folder)
  if (folder === undefined)
    throw new Failure(
      'NO_FILE',
      vscode.l10n.t('{0} is in the folder {1}, which is not open.', file.path, file.folder),
    )
  return vscode.Uri.joinPath(folder.uri, file.path)
}

/** Imports are looked for in the folder of a file, and in those above it up to the folder of the workspace. */
export const SCHEMA_PLACE: SchemaPlace<vscode.Uri> = {
  nameOf: (uri) => vscode.workspace.asRelativePath(uri),
  join: (folder, path) => vscode.Uri.joinPath(folder, path),
  foldersOf: (uri) => {
    const top = vscode.workspace.getWorkspaceFolder(uri)?.uri.path ?? ''
    return foldersUpTo(posix.dirname(uri.path), top, posix.dirname).map((path) => uri.with({ path }))
  },
  read: async (uri) => {
    try {
      return await vscode.workspace.fs.readFile(uri)
    } catch (thrown) {
      if (thrown instanceof vscode.FileSystemError && thrown.code === 'FileNotFound') return undefined
      throw new Failure(
        'NO_FILE',
        vscode.l10n.t('{0} cannot be read: {1}', SCHEMA_PLACE.nameOf(uri), sentenceOf(thrown)),
      )
    }
  },
}
