/** Files that appear whole or not at all. */
import { randomUUID } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Failure } from '../shared/failure.ts'
import { describeWriteError } from './writer.ts'

/**
 * Has a file written beside its place and moves it there when that is done; what was there before stays
 * until then. Rejects with a `Failure`, and leaves nothing behind.
 */
export async function writeWhole<T>(path: string, write: (partial: string) => Promise<T>): Promise<T> {
  const partial = join(dirname(path), `.${basename(path)}.${randomUUID()}.partial`)
  try {
    const result = await write(partial)
    await rename(partial, path)
    return result
  } catch (thrown) {
    await rm(partial, { force: true })
    if (thrown instanceof Failure) throw thrown
    const error = thrown as NodeJS.ErrnoException
    throw new Failure(error.code ?? 'WRITE', describeWriteError(error, path))
  }
}
