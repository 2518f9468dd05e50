/** Whether files are inside of folders, also where links lead out of them. */
import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'

/** Paths are absolute. A file that does not exist is where its path says. */
export async function isInside(path: string, folders: readonly string[]): Promise<boolean> {
  // First without touching the file, which may be on another machine.
  if (!folders.some((folder) => isIn(path, folder))) return false
  try {
    const file = await realpath(path)
    const roots = await Promise.all(folders.map((folder) => realpath(folder)))
    return roots.some((root) => isIn(file, root))
  } catch {
    // Whoever reads it hears why it cannot be read.
    return true
  }
}

function isIn(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
