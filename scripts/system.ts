/** System packages: installed on Debian as root, and only named elsewhere. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mustRun, onPath } from './run.ts'

/** To build code-server's native modules. */
const COMPILER = ['g++', 'make', 'python3', 'ca-certificates']
/** To show the workbench, and to make its screenshots readable. */
const BROWSER = ['chromium', 'chromium-headless-shell', 'fonts-dejavu-core', 'fonts-liberation']
/** Servers and programs that tests talk to. */
const PEERS = [
  'caddy',
  'nginx',
  'libnginx-mod-nchan',
  'haproxy',
  'etcd-server',
  'openssl',
  'curl',
  'procps',
  'iproute2',
  'zsh',
  'fish',
  'mandoc',
]

export const PACKAGES = { start: COMPILER, test: [...COMPILER, ...BROWSER, ...PEERS] } as const

/**
 * Installs missing Debian packages if this is Debian and the user is root. Otherwise it only prints what is needed,
 * because other systems name packages differently.
 */
export async function ensureSystemPackages(packages: readonly string[]): Promise<void> {
  if (!existsSync('/usr/bin/dpkg-query')) {
    console.log(`These system packages are needed (Debian's names): ${packages.join(' ')}`)
    return
  }
  const missing = packages.filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0) throw new Error(`System packages are missing. Run as root: ${install}`)
  console.log(`Installing system packages: ${missing.join(' ')}`)
  // With a runlevel of 1, packages do not start their services.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await mustRun('apt-get', ['update', '-q'], { env })
  await mustRun('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env })
}

/** Chromium or Chrome, for Playwright. */
export function findChromium(): string {
  const found = onPath('chromium', 'chromium-browser', 'google-chrome', 'chrome')
  if (found === undefined) throw new Error('Chromium is not on the PATH. Install the package chromium.')
  return found
}

/** Chromium's headless shell, or Chromium where it is not packaged. */
export function findHeadless(): string {
  return onPath('chromium-headless-shell') ?? findChromium()
}

function isInstalled(name: string): boolean {
  const query = spawnSync('dpkg-query', ['-s', name], { encoding: 'utf8' })
  return query.status === 0 && query.stdout.includes('Status: install ok installed')
}
