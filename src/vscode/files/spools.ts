/** Where sessions of this window's folder may lie. Imports nothing of `vscode`. */
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Windows of one folder at most: VS Code gives each a storage folder of its own, `NAME`, `NAME-1`, up to `NAME-9`. */
const WINDOWS = 10

/** The folder of captures under the storage that an extension has for a window. */
export function spoolIn(storage: string): string {
  return join(storage, 'spool')
}

/**
 * The folders of captures of this window and of others of the same folder: a window gets another storage folder
 * while the one before is in use, and a host outlives a browser that went away. Of these, those that hold any.
 */
export async function filledSpools(storage: string): Promise<string[]> {
  const window = dirname(storage)
  const name = basename(window).replace(/-\d$/, '')
  const names = [name, ...Array.from({ length: WINDOWS - 1 }, (_, index) => `${name}-${index + 1}`)]
  const spools = names.map((each) => spoolIn(join(dirname(window), each, basename(storage))))
  const filled = await Promise.all(
    // Most of them are not there.
    spools.map(async (spool) => (await readdir(spool).catch(() => [])).length > 0),
  )
  return spools.filter((_, index) => filled[index])
}
