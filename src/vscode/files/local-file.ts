/** The engine reads and writes local paths; these lend it one for a file that lives anywhere. */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import * as vscode from 'vscode'

async function withTemporary<T>(
  storage: string,
  { path }: vscode.Uri,
  use: (temporary: vscode.Uri) => Promise<T>,
): Promise<T> {
  const folder = join(storage, 'transfer')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = vscode.Uri.file(join(folder, `${randomUUID()}${extname(path)}`))
  try {
    return await use(temporary)
  } finally {
    // It may never have been made; and it lies where it is in nobody's way.
    await vscode.workspace.fs.delete(temporary).then(undefined, () => undefined)
  }
}

/** Lets `write` fill a local file that ends up as `target`, whatever its file system. */
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

/** Lets `read` have `source` as a local file, whatever its file system. */
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
