/** Copies of sessions to serve that are not local files: of the live session, and of files on other file systems. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import * as vscode from 'vscode'

/** A copy that was not touched for so many milliseconds was left behind by a crash. */
const STALE = 24 * 60 * 60 * 1000

/** Lets `write` fill a new file in the folder of copies, and resolves to its path. */
export async function makeCopy(
  storage: string,
  extension: string,
  write: (to: vscode.Uri) => Promise<void>,
): Promise<string> {
  const folder = join(storage, 'served')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await removeStale(folder)
  const path = join(folder, `${randomUUID()}.${extension}`)
  await write(vscode.Uri.file(path))
  return path
}

/** Shows other windows that the copy is in use. */
export async function touchCopy(path: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now)
}

async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    // Another window may have removed it.
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > STALE) await rm(path, { force: true })
  }
}
