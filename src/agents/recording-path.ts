/** Finds the recording that a tool names, in the folders that agents may read. */
import { existsSync } from 'node:fs'
import { extname, isAbsolute, join, parse, resolve } from 'node:path'
import { Failure } from '../shared/failure.ts'
import { RECORDING_EXTENSIONS } from '../shared/recording-extensions.ts'
import { isInside } from './inside-folders.ts'

/** The absolute path. Rejects with OUTSIDE if it is not in one of the folders, also through a link. */
export async function recordingPath(given: string, folders: readonly string[]): Promise<string> {
  if (!RECORDING_EXTENSIONS.includes(extname(given).toLowerCase()))
    throw new Failure(
      'NOT_A_RECORDING',
      `${quoted(given)} is not a recording; name a file that ends in .rtsession or .har.`,
    )
  const paths = isAbsolute(given) ? [resolve(given)] : folders.map((folder) => join(folder, given))
  const inside: string[] = []
  for (const path of paths) if (await isInside(path, folders)) inside.push(path)
  const found = inside.find((path) => existsSync(path)) ?? inside[0]
  if (found !== undefined) return found
  const where =
    folders.length === 0
      ? 'no folder is open'
      : `agents read recordings in ${folders.map(quoted).join(', ')} only`
  throw new Failure('OUTSIDE', `${quoted(given)} cannot be read: ${where}.`)
}

/** Whether a folder is a whole disk, which nobody means to open. */
export function isWholeDisk(folder: string): boolean {
  const path = resolve(folder)
  return path === parse(path).root
}

function quoted(path: string): string {
  return JSON.stringify(path.slice(0, 200))
}
