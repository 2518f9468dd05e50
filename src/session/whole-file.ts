/** Writes files that appear whole or not at all. */
import { randomUUID } from 'node:crypto'
import { chmod, open, readlink, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Failure } from '../shared/failure.ts'
import { replaceFile } from './replace-file.ts'
import { describeWriteError } from './write-error.ts'

const NEWLINE = 0x0a

/**
 * The mode of a file that only its owner can read, and of one that others can read if the umask allows it. Windows has no
 * modes: there, the folder decides who can read a file.
 */
const PRIVATE = 0o600
const PUBLIC = 0o666

/** The mode of a new file: only its owner can read revealed secrets. */
export function modeOfNew(reveal: readonly string[] = []): number {
  return reveal.length > 0 ? PRIVATE : PUBLIC
}

/**
 * Lets `write` fill a temporary file in the same folder, then moves it to `path`. An existing file stays until then,
 * and keeps its mode. Links are followed. On failure, removes the temporary file and rejects with a `Failure`.
 */
export async function writeWhole<T>(
  path: string,
  write: (partial: string) => Promise<T>,
  mode = PUBLIC,
): Promise<T> {
  let partial: string | undefined
  try {
    const target = await behindLinks(path)
    const before = await stat(target).catch(() => undefined)
    partial = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`)
    const replaced = before?.isFile() ? before.mode & 0o777 : undefined
    await writeFile(partial, '', { flag: 'wx', mode: replaced === undefined ? mode : PRIVATE })
    const result = await write(partial)
    if (replaced !== undefined) await setMode(partial, replaced)
    await replaceFile(partial, target)
    return result
  } catch (thrown) {
    // If it cannot be removed, it could not be created, and the error says why.
    if (partial !== undefined) await rm(partial, { force: true }).catch(() => undefined)
    if (thrown instanceof Failure) throw thrown
    const error = thrown as NodeJS.ErrnoException
    throw new Failure(error.code ?? 'WRITE', describeWriteError(error, path))
  }
}

/** Removes what follows the last newline of a file that could not be written to its end. */
export async function endWithLine(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const bytes = Buffer.alloc(64 * 1024)
    for (let end = (await file.stat()).size; end > 0; ) {
      const start = Math.max(end - bytes.length, 0)
      const { bytesRead } = await file.read(bytes, 0, end - start, start)
      const newline = bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE)
      if (newline >= 0) return await file.truncate(start + newline + 1)
      end = start
    }
  } finally {
    await file.close()
  }
}

/** Sets the mode if it differs: file systems with one mode for all files reject a change. */
async function setMode(path: string, mode: number): Promise<void> {
  if (((await stat(path)).mode & 0o777) !== mode) await chmod(path, mode)
}

/** The number of links that Linux follows. */
const MOST_LINKS = 40

/** The target of a path. The last of its links can point to a file that does not exist yet. */
async function behindLinks(path: string, links = 0): Promise<string> {
  const real = await realpath(path).catch(() => undefined)
  if (real !== undefined) return real
  const target = links < MOST_LINKS ? await readlink(path).catch(() => undefined) : undefined
  return target === undefined ? path : await behindLinks(resolve(dirname(path), target), links + 1)
}
