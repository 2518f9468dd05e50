/** Moves a file over another one. */
import { rename } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds before each further try. */
const PAUSES = [10, 50, 100, 200, 400, 800]
/** Codes of errors if the file is protected, or on Windows if a program has one of the files open. */
const REFUSED: ReadonlySet<unknown> = new Set(['EACCES', 'EBUSY', 'EPERM'])

/** Whether the system refused to rename a file, which on Windows may last only for a moment. */
export function isRefusedRename({ code, syscall }: NodeJS.ErrnoException): boolean {
  return syscall === 'rename' && REFUSED.has(code)
}

export interface ReplaceOptions {
  readonly platform?: NodeJS.Platform
  readonly rename?: (from: string, to: string) => Promise<void>
}

/**
 * Renames `from` to `to`, which may exist. On Windows, virus scanners and indexers open new files for a moment, so tries
 * again for up to 1.6 seconds. Rejects with the last error of the file system.
 */
export async function replaceFile(from: string, to: string, options: ReplaceOptions = {}): Promise<void> {
  const { platform = process.platform, rename: move = rename } = options
  for (const pause of platform === 'win32' ? PAUSES : []) {
    try {
      return await move(from, to)
    } catch (error) {
      if (!isRefusedRename(error as NodeJS.ErrnoException)) throw error
      await delay(pause)
    }
  }
  await move(from, to)
}
