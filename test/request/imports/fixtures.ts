/** Files that other programs wrote: `test/fixtures/imports`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ForeignFile } from '../../../src/request/imports/imported.ts'

const ROOT = join(import.meta.dirname, '../../fixtures/imports')

/** The files in a folder of the fixtures and in those below, with paths that begin in it. */
export function fixtures(folder: string): ForeignFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => ({
      path: path.slice(ROOT.length + 1).replaceAll('\\', '/'),
      text: readFileSync(path, 'utf8'),
    }))
}

/** One file of the fixtures. */
export function fixture(path: string): ForeignFile {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') }
}
