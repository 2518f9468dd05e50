/** The extension as it ships, built in a separate folder, and the size of its package. */
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createVSIX } from '@vscode/vsce'
import { PACKAGE_OPTIONS } from '../../scripts/package.ts'
import { CACHE, ROOT } from '../../scripts/paths.ts'

const FOLDER = join(CACHE, 'bench-vscode')
const FILES = ['README.md', 'LICENSE', 'media', 'package.nls.json', 'l10n', '.vscodeignore']

export interface Staged {
  readonly folder: string
  /** Bytes of the `.vsix`. */
  readonly packageSize: number
}

/** Makes the production build and its package. */
export async function stageExtension(): Promise<Staged> {
  const folder = join(FOLDER, 'extension')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const build = ['esbuild.mjs', '--production', `--outdir=${join(folder, 'dist')}`]
  await promisify(execFile)(process.execPath, build, { cwd: ROOT })
  for (const file of FILES) await cp(join(ROOT, file), join(folder, file), { recursive: true })
  // The package uses this build, so there is no script to run before.
  const { scripts: _, ...manifest } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  const packagePath = join(FOLDER, 'realtime-inspector.vsix')
  const options = { ...PACKAGE_OPTIONS, rewriteRelativeLinks: false, allowMissingRepository: true }
  await createVSIX({ cwd: folder, packagePath, ...options })
  return { folder, packageSize: (await stat(packagePath)).size }
}
