/** Local paths for files that live anywhere, because the engine reads and writes only local files. */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import * as vscode from 'vscode'

/** The path of a new file in the private folder for files in transfer. `extension` has its dot. */
export async function transferPath(storage: string, extension: string): Promise<string> {
  const folder = join(storage, 'transfer')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${randomUUID()}${extension}`)
}

async function withTemporary<T>(
  storage: string,
  { path }: vscode.Uri,
  use: (temporary: vscode.Uri) => Promise<T>,
): Promise<T> {
  const temporary = vscode.Uri.file(await transferPath(storage, extname(path)))
  try {
    return await use(temporary)
  } finally {
    // It may not exist. If it stays, it harms nobody.
    await vscode.workspace.fs.delete(temporary).then(undefined, () => undefined)
  }
}

/** Calls `write` with a local path; what it writes there ends up in `target`, on any file system. */
export async function writeThrough<T>(
  storage: string,
  target: vscode.Uri,
  write: (path: string) => Promise<T>,
): Promise<T> {
  if (target.scheme === 'file') return await write(target.fsPath)
  return await withTemporary(storage, target, async (temporary) => {
    const result = await write(temporary.fsPath)
    await vscode.workspace.fs.copy(temporary, target, { overwrite: true })
    return result
  })
}

/** Calls `read` with the local path of `source`, or of a copy if it is on another file system. */
export async function readThrough<T>(
  storage: string,
  source: vscode.Uri,
  read: (path: string) => Promise<T>,
): Promise<T> {
  if (source.scheme === 'file') return await read(source.fsPath)
  return await withTemporary(storage, source, async (temporary) => {
    await vscode.workspace.fs.copy(source, temporary)
    return await read(temporary.fsPath)
  })
}
