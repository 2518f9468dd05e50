/** The folders with the captures of this workspace folder. Does not import `vscode`. */
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Maximum number of windows of one folder: VS Code gives them the storage folders `NAME`, `NAME-1`, up to `NAME-9`. */
const WINDOWS = 10

/** The folder of captures in the storage folder of a window. */
export function spoolIn(storage: string): string {
  return join(storage, 'spool')
}

/**
 * The folders that have captures of this window or of other windows of the same folder. A window gets another storage
 * folder while the previous one is in use, and an extension host outlives the browser that it served.
 */
export async function filledSpools(storage: string): Promise<string[]> {
  const window = dirname(storage)
  const name = basename(window).replace(/-\d$/, '')
  const names = [name, ...Array.from({ length: WINDOWS - 1 }, (_, index) => `${name}-${index + 1}`)]
  const spools = names.map((each) => spoolIn(join(dirname(window), each, basename(storage))))
  const filled = await Promise.all(
    // Most of these folders do not exist.
    spools.map(async (spool) => (await readdir(spool).catch(() => [])).length > 0),
  )
  return spools.filter((_, index) => filled[index])
}
