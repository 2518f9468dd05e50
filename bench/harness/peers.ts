/** Terminal programs of others from the npm registry: pinned, installed once, and run unchanged. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CACHE } from '../../scripts/paths.ts'
import { mustRun } from '../../scripts/run.ts'

/** Both have the MIT license. They take 70 MB with their dependencies. */
const VERSIONS = { wscat: '6.1.0', httpyac: '6.16.7' }

export interface Peers {
  /** The scripts of the two programs. */
  readonly wscat: string
  readonly httpyac: string
}

export async function installPeers(): Promise<Peers> {
  const folder = join(CACHE, 'bench-peers')
  const modules = join(folder, 'node_modules')
  const peers = {
    wscat: join(modules, 'wscat', 'bin', 'wscat'),
    httpyac: join(modules, 'httpyac', 'bin', 'httpyac.js'),
  }
  if (existsSync(peers.wscat) && existsSync(peers.httpyac)) return peers
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }))
  const packages = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`)
  await mustRun('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
    cwd: folder,
  })
  return peers
}
