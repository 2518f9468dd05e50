/** Files that appear whole or not at all. */
import { randomUUID } from 'node:crypto'
import { chmod, open, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Failure } from '../shared/failure.ts'
import { describeWriteError } from './session-writer.ts'

const NEWLINE = 0x0a

/** The mode of a file that only its owner reads, and of one that others read as the umask says. */
const PRIVATE = 0o600
const PUBLIC = 0o666

/** The mode that a new file is made with: secrets that were asked for are for its owner alone. */
export function modeOfNew(reveal: readonly string[] = []): number {
  return reveal.length > 0 ? PRIVATE : PUBLIC
}

/**
 * Has a file written beside its place and moves it there when that is done; what was there before stays
 * until then, and what it was: the file keeps its mode, and a link still leads to it. Rejects with a `Failure`,
 * and leaves nothing behind.
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
    await rename(partial, target)
    return result
  } catch (thrown) {
    // If it cannot be removed, it could not be made: what is thrown says why.
    if (partial !== undefined) await rm(partial, { force: true }).catch(() => undefined)
    if (thrown instanceof Failure) throw thrown
    const error = thrown as NodeJS.ErrnoException
    throw new Failure(error.code ?? 'WRITE', describeWriteError(error, path))
  }
}

/** Takes what is behind the last line end off a file that could not be written to its end. */
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

/** Sets it only if it differs: some file systems have one mode for all files, and refuse. */
async function setMode(path: string, mode: number): Promise<void> {
  if (((await stat(path)).mode & 0o777) !== mode) await chmod(path, mode)
}

/** As many links as Linux follows. */
const MOST_LINKS = 40

/** Where the path leads, though the last of its links may lead to nothing yet. */
async function behindLinks(path: string, links = 0): Promise<string> {
  const real = await realpath(path).catch(() => undefined)
  if (real !== undefined) return real
  const target = links < MOST_LINKS ? await readlink(path).catch(() => undefined) : undefined
  return target === undefined ? path : await behindLinks(resolve(dirname(path), target), links + 1)
}
