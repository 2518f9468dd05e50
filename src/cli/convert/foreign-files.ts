/** The files of other programs that `convert` reads: one, those of a folder, or standard input. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ForeignFile, Imported } from '../../request/imports/imported.ts'
import { FOREIGN_FOLDER, importerOf, MAX_FOREIGN, readAllForeign } from '../../request/imports/importers.ts'
import { Failure } from '../../shared/failure.ts'
import { UsageError } from '../command-line.ts'
import { reasonFor } from '../connect/option-files.ts'

/**
 * Reads what `path` names: `-` for standard input, a file, or all files of a folder that can be imported. Throws a
 * `UsageError` if it cannot be read, or a `Failure` if there is nothing to import.
 */
export async function readForeignPath(path: string): Promise<Imported> {
  if (path === '-') return await readAllForeign([{ text: await text(process.stdin) }])
  try {
    if (!(await stat(path)).isDirectory()) return await readAllForeign([await readOne(path)])
    return await readFolder(path)
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new UsageError(`${path} cannot be read: ${reasonFor(thrown as NodeJS.ErrnoException)}.`)
  }
}

async function readOne(path: string): Promise<ForeignFile> {
  const { size } = await stat(path)
  if (size > MAX_FOREIGN)
    throw new Failure('TOO_LARGE', `${path} has more than ${MAX_FOREIGN} bytes; import a smaller file.`)
  return { path, text: await readFile(path, 'utf8') }
}

async function readFolder(folder: string): Promise<Imported> {
  const paths: string[] = []
  await collect(folder, 0, paths)
  if (paths.length > FOREIGN_FOLDER.maxFiles)
    throw new Failure(
      'TOO_LARGE',
      `${folder} has more than ${FOREIGN_FOLDER.maxFiles} files; import a smaller folder.`,
    )
  const files: ForeignFile[] = []
  let length = 0
  for (const path of paths) {
    const file = await readOne(path)
    if (importerOf(file) === undefined) continue
    length += file.text.length
    if (length > MAX_FOREIGN)
      throw new Failure(
        'TOO_LARGE',
        `The files of ${folder} are too large together; import a smaller folder.`,
      )
    files.push(file)
  }
  if (files.length === 0) throw new Failure('UNKNOWN_FORMAT', `${folder} has no file that can be imported.`)
  return await readAllForeign(files)
}

/** The paths of the files, those of a folder after the files beside it. */
async function collect(folder: string, depth: number, paths: string[]): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true })).toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  )
  for (const entry of entries)
    if (entry.isFile() && paths.length <= FOREIGN_FOLDER.maxFiles) paths.push(join(folder, entry.name))
  if (depth === FOREIGN_FOLDER.maxDepth) return
  for (const entry of entries)
    if (
      entry.isDirectory() &&
      !FOREIGN_FOLDER.skipped.has(entry.name) &&
      paths.length <= FOREIGN_FOLDER.maxFiles
    )
      await collect(join(folder, entry.name), depth + 1, paths)
}
