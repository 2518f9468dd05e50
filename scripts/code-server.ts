/** VS Code out of the npm registry, as code-server: pinned versions, installed once into the cache. */
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { CACHE } from './paths.ts'
import { mustRun } from './run.ts'

export interface Release {
  readonly version: string
  /** The version of the VS Code in it. */
  readonly vscode: string
  /** A Node of the line its `engines` names, which is that of the same VS Code's extension host. */
  readonly node: string
}

export const NEWEST: Release = { version: '4.139.1', vscode: '1.139.1', node: '24.21.0' }
/** The oldest that `engines.vscode` admits. */
export const OLDEST: Release = { version: '4.110.0', vscode: '1.110.0', node: '22.23.3' }
/** Out of the npm registry: for Linux whole, with its headers. */
const NODE = process.platform === 'linux' ? `node-linux-${process.arch}` : 'node'
/** Goes before npm's own: Debian's links every module to the library of Debian's Node, and ends another Node so. */
const NODE_GYP = 'node-gyp@13.1.0'

export interface Installed {
  /** The Node it runs on. */
  readonly node: string
  /** VS Code's own server, which unlike code-server's wrapper allows extensions under development. */
  readonly server: string
}

/** Installs a release where it is not there yet (a minute or two, 600 MB). */
export async function installCodeServer(release: Release): Promise<Installed> {
  const folder = join(CACHE, `code-server-${release.version}`)
  const complete = join(folder, 'complete')
  const modules = join(folder, 'node_modules')
  const vscode = join(modules, 'code-server', 'lib', 'vscode')
  const installed = {
    node: join(modules, NODE, 'bin', 'node'),
    server: join(vscode, 'out', 'server-main.js'),
  }
  if (existsSync(complete) && existsSync(installed.node)) return installed
  console.log(`Installing code-server ${release.version} (VS Code ${release.vscode}), once.`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }))
  await npm(folder, process.execPath, ['install', `${NODE}@${release.node}`])
  const packages = [`code-server@${release.version}`, NODE_GYP]
  await npm(folder, installed.node, ['install', '--ignore-scripts', ...packages])
  await npm(vscode, installed.node, ['install', '--ignore-scripts', '--omit=dev'])
  const native = NATIVE.filter((name) => existsSync(join(vscode, 'node_modules', name)))
  await npm(vscode, installed.node, ['rebuild', ...native], headers(join(modules, NODE)))
  const load = `for (const name of ${JSON.stringify(native)}) require(name)`
  await mustRun(installed.node, ['-e', load], { cwd: vscode })
  await mustRun(installed.node, [installed.server, '--version'])
  await writeFile(complete, '')
  return installed
}

/**
 * Modules that VS Code's server, one release or another, has built where it runs. No other install script
 * runs: that of the search tool downloads from GitHub, that of the wrapper wants everything.
 */
const NATIVE = [
  ...['kerberos', 'node-pty', '@parcel/watcher'],
  ...['@vscode/deviceid', '@vscode/native-watchdog', '@vscode/spdlog', '@vscode/sqlite3'],
]

/** Has modules built with the headers that came with that Node, which node-gyp would else download. */
function headers(node: string): Readonly<Record<string, string>> {
  return existsSync(join(node, 'include')) ? { npm_config_nodedir: node } : {}
}

/** Runs npm on the given Node, so that what it builds fits that Node. */
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
    // npm 11 runs no install script that is not allowed.
    npm_config_dangerously_allow_all_scripts: 'true',
    ...settings,
  }
  await mustRun('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, env })
}
