/** The files of the site that are not made from documents. */
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buildPlayground } from '../playground/build.ts'
import { EXAMPLES } from '../recordings/examples.ts'
import { DOCS } from './pages.ts'

/** Folder of these files; not under version control. */
export const PUBLIC = join(import.meta.dirname, 'cache', 'public')

const COPIED = [join(DOCS, '..', 'media', 'icon.svg'), join(DOCS, 'session.schema.json')]
const RECORDINGS = join(DOCS, '..', 'site', 'recordings')
/** The recording that the demo has, too. */
const DEMO = join(DOCS, '..', 'demo', 'folder')

/** Empties the folder and fills it: with copies, and with the playground. */
export async function makePublicFiles(): Promise<void> {
  await rm(PUBLIC, { recursive: true, force: true })
  await mkdir(PUBLIC, { recursive: true })
  for (const file of COPIED) await copyFile(file, join(PUBLIC, basename(file)))
  await mkdir(join(PUBLIC, 'recordings'))
  for (const name of Object.keys(EXAMPLES)) {
    const file = `${name}.rtsession`
    await copyFile(join(name === 'demo' ? DEMO : RECORDINGS, file), join(PUBLIC, 'recordings', file))
  }
  await buildPlayground(join(PUBLIC, 'playground-panel'))
}
