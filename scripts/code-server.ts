/** VS Code from the npm registry, as code-server: pinned versions, installed once into `.vscode-test/`. */
import type { SpawnOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { CACHE } from './paths.ts'
import { mustRun } from './run.ts'

export interface Release {
  readonly version: string
  /** The version of VS Code that it contains. */
  readonly vscode: string
  /** The Node.js version: of the release line in its `engines`, like that VS Code's extension host. */
  readonly node: string
  /** The version of node-gyp: one that runs on that Node.js. */
  readonly nodeGyp: string
}

export const NEWEST: Release = {
  version: '4.139.1',
  vscode: '1.139.1',
  node: '24.21.0',
  nodeGyp: '13.1.0',
}
/** The oldest version that `engines.vscode` allows. */
export const OLDEST: Release = {
  version: '4.96.4',
  vscode: '1.96.4',
  node: '20.18.1',
  nodeGyp: '11.4.2',
}
/** Node.js packages in the npm registry; those for Linux include the headers. */
const NODE = process.platform === 'linux' ? `node-linux-${process.arch}` : 'node'

export interface Installed {
  /** Path of the Node.js that it runs on. */
  readonly node: string
  /** VS Code's own server. Unlike code-server's wrapper, it allows extensions under development. */
  readonly server: string
}

/** Installs a release if it is missing (a minute, 600 MB). */
export async function installCodeServer(release: Release): Promise<Installed> {
  const { folder, complete, modules, vscode, installed } = pathsOf(release)
  if (isInstalled(release)) return installed
  console.log(`Installing code-server ${release.version} (VS Code ${release.vscode}), once.`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }))
  await npm(folder, process.execPath, ['install', `${NODE}@${release.node}`])
  // Instead of the node-gyp of npm: Debian's links modules to Debian's Node.js library, which crashes another Node.js.
  const packages = [`code-server@${release.version}`, `node-gyp@${release.nodeGyp}`]
  await npm(folder, installed.node, ['install', '--ignore-scripts', ...packages])
  await useRegistryOnly(join(vscode, 'npm-shrinkwrap.json'))
  await npm(vscode, installed.node, ['install', '--ignore-scripts', '--omit=dev'])
  const native = NATIVE.filter((name) => existsSync(join(vscode, 'node_modules', name)))
  await npm(vscode, installed.node, ['rebuild', ...native], headers(join(modules, NODE)))
  const load = `for (const name of ${JSON.stringify(native)}) require(name)`
  await mustRun(installed.node, ['-e', load], { cwd: vscode })
  await mustRun(installed.node, [installed.server, '--version'])
  await writeFile(complete, '')
  return installed
}

export function isInstalled(release: Release): boolean {
  const { complete, installed } = pathsOf(release)
  return existsSync(complete) && existsSync(installed.node)
}

function pathsOf({ version }: Release) {
  const folder = join(CACHE, `code-server-${version}`)
  const modules = join(folder, 'node_modules')
  const vscode = join(modules, 'code-server', 'lib', 'vscode')
  const installed: Installed = {
    node: join(modules, NODE, 'bin', 'node'),
    server: join(vscode, 'out', 'server-main.js'),
  }
  return { folder, complete: join(folder, 'complete'), modules, vscode, installed }
}

/** Makes npm install from its registry the packages for which a lock file names a Git repository. The versions stay. */
async function useRegistryOnly(lock: string): Promise<void> {
  const { packages, ...rest } = JSON.parse(await readFile(lock, 'utf8'))
  const entries = Object.entries<{ resolved?: string }>(packages).map(([path, entry]) => {
    const { resolved, ...others } = entry
    return [path, resolved?.startsWith('git') ? others : entry]
  })
  await writeFile(lock, JSON.stringify({ ...rest, packages: Object.fromEntries(entries) }))
}

/**
 * Native modules of VS Code's server that are built on this machine. Not built are those that it loads only for what is
 * not used here: `kerberos` for proxies, `@vscode/sqlite3` for agents (a minute of compiling), `@vscode/deviceid` for
 * telemetry. Other install scripts do not run: the search tool's downloads from GitHub, and the wrapper's installs
 * everything.
 */
const NATIVE = ['node-pty', '@parcel/watcher', '@vscode/native-watchdog', '@vscode/spdlog']

/** Makes node-gyp use the headers that came with that Node.js instead of downloading them. */
function headers(node: string): Readonly<Record<string, string>> {
  return existsSync(join(node, 'include')) ? { npm_config_nodedir: node } : {}
}

/** Runs npm on the given Node.js, so that modules are built for it. It prints only errors. */
async function npm(
  folder: string,
  node: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const inherited = Object.entries(process.env).filter(([key]) => !/^npm_(lifecycle|package)_/.test(key))
  const env = {
    ...Object.fromEntries(inherited),
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
    // npm 11 runs only install scripts that are allowed.
    npm_config_dangerously_allow_all_scripts: 'true',
    ...settings,
  }
  const options = { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] } satisfies SpawnOptions
  await mustRun('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], options)
}
