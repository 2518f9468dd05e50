/** The files that requests name, on this machine. */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join, parse, resolve } from 'node:path'
import type { RequestFiles } from '../../request/variables/variables.ts'
import { Failure } from '../../shared/failure.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'
import { reasonFor } from '../connect/option-files.ts'

/** What the system says of a file that does not exist. */
const MISSING: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR'])

export const DISK_FILES: RequestFiles = {
  async read(path) {
    try {
      const info = await stat(path)
      // Python's tools name a folder .env.
      if (info.isDirectory()) return undefined
      const { size } = info
      if (size > DEFAULT_MAX_MESSAGE_SIZE)
        throw new Failure(
          'TOO_LARGE',
          `${path} has ${size} bytes; a file that a request names can have at most ${DEFAULT_MAX_MESSAGE_SIZE}.`,
        )
      return await readFile(path)
    } catch (thrown) {
      if (thrown instanceof Failure) throw thrown
      const error = thrown as NodeJS.ErrnoException
      if (MISSING.has(error.code)) return undefined
      throw new Failure(error.code ?? 'READ', `${path} cannot be read: ${reasonFor(error)}.`)
    }
  },
  resolve: (file, reference) => resolve(dirname(file), reference),
}

/** The last folder in which environments of a file are looked for: that of its repository, else the root of the disk. */
export function rootOf(file: string): string {
  let folder = dirname(resolve(file))
  for (;;) {
    if (existsSync(join(folder, '.git'))) return folder
    const above = dirname(folder)
    if (above === folder) return parse(folder).root
    folder = above
  }
}
