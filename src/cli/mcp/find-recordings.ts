/** Finds recordings in a folder and those below it, with a limit on how far and how much is looked at. */
import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FoundRecording } from '../../shared/protocol/connecting.ts'
import { RECORDING_EXTENSIONS } from '../../shared/recording-extensions.ts'

const MAX_DEPTH = 6
const MAX_ENTRIES = 20_000
const MAX_FOUND = 500

/** The newest first, with absolute paths. Hidden folders, `node_modules` and links are left out. */
export async function findRecordings(folder: string): Promise<readonly FoundRecording[]> {
  const found: FoundRecording[] = []
  let folders = [folder]
  let entries = 0
  for (let depth = 0; depth < MAX_DEPTH && folders.length > 0; depth++) {
    const below: string[] = []
    for (const each of folders) {
      // A folder that cannot be read has no recordings for us.
      for (const entry of await readdir(each, { withFileTypes: true }).catch(() => [])) {
        if (++entries > MAX_ENTRIES || found.length >= MAX_FOUND) return newestFirst(found)
        const path = join(each, entry.name)
        if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
          below.push(path)
        if (!entry.isFile() || !RECORDING_EXTENSIONS.includes(extname(entry.name).toLowerCase())) continue
        const facts = await stat(path).catch(() => undefined)
        if (facts !== undefined) found.push({ path, size: facts.size, modified: facts.mtimeMs })
      }
    }
    folders = below
  }
  return newestFirst(found)
}

function newestFirst(found: readonly FoundRecording[]): readonly FoundRecording[] {
  return found.toSorted((a, b) => b.modified - a.modified || a.path.localeCompare(b.path))
}
