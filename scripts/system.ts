/** System packages: installed where that is ours to do (Debian, root), named where it is not. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mustRun, onPath } from './run.ts'

/** Builds code-server's native modules. */
const COMPILER = ['g++', 'make', 'python3', 'pkg-config', 'libkrb5-dev', 'ca-certificates']
/** Shows the workbench, and makes its screenshots readable. */
const BROWSER = ['chromium', 'fonts-dejavu-core', 'fonts-liberation']
/** Servers and programs that tests talk to. */
const PEERS = ['nginx', 'libnginx-mod-nchan', 'openssl', 'curl', 'procps']

export const PACKAGES = { start: COMPILER, test: [...COMPILER, ...BROWSER, ...PEERS] } as const

/**
 * Sees to it that the Debian packages are there; quick where they are. Elsewhere than on Debian as root
 * it only says what is needed, since a desktop has its own ways to provide it.
 */
export async function ensureSystemPackages(packages: readonly string[]): Promise<void> {
  if (!existsSync('/usr/bin/dpkg-query')) {
    console.log(`Needed from the system, as Debian names it: ${packages.join(' ')}`)
    return
  }
  const missing = packages.filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0) throw new Error(`System packages are missing; as root: ${install}`)
  console.log(`Installing system packages: ${missing.join(' ')}`)
  // A runlevel of 1 keeps the packages from starting their services.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await mustRun('apt-get', ['update', '-q'], { env })
  await mustRun('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env })
}

/** Chromium or Chrome, for Playwright. */
export function findChromium(): string {
  const found = onPath('chromium', 'chromium-browser', 'google-chrome', 'chrome')
  if (found === undefined) throw new Error('There is no Chromium on the PATH; install the package chromium.')
  return found
}

function isInstalled(name: string): boolean {
  const query = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' })
  return query.status === 0 && query.stdout.includes('Status: install ok installed')
}
