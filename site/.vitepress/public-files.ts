/** The files of the site that are not made from documents. */
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DOCS } from './pages.ts'

/** Folder of these files; not under version control. */
export const PUBLIC = join(import.meta.dirname, 'cache', 'public')

const COPIED = [join(DOCS, '..', 'media', 'icon.svg'), join(DOCS, 'session.schema.json')]

/** Empties the folder and copies the files into it. */
export async function makePublicFiles(): Promise<void> {
  await rm(PUBLIC, { recursive: true, force: true })
  await mkdir(PUBLIC, { recursive: true })
  for (const file of COPIED) await copyFile(file, join(PUBLIC, basename(file)))
}
