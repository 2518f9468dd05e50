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
  /** The Node line its `engines` names, which is that of the same VS Code's extension host. */
  readonly node: string
}

export const NEWEST: Release = { version: '4.139.1', vscode: '1.139.1', node: '24' }
/** The oldest that `engines.vscode` admits. */
export const OLDEST: Release = { version: '4.110.0', vscode: '1.110.0', node: '22' }

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
  const ours = process.version.startsWith(`v${release.node}.`)
  const installed = {
    node: ours ? process.execPath : join(modules, 'node', 'bin', 'node'),
    server: join(vscode, 'out', 'server-main.js'),
  }
  if (existsSync(complete)) return installed
  console.log(`Installing code-server ${release.version} (VS Code ${release.vscode}), once.`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }))
  if (!ours) await npm(folder, process.execPath, ['install', `node@${release.node}`])
  await npm(folder, installed.node, ['install', '--ignore-scripts', `code-server@${release.version}`])
  await npm(vscode, installed.node, ['install', '--ignore-scripts', '--omit=dev'])
  const native = NATIVE.filter((name) => existsSync(join(vscode, 'node_modules', name)))
  await npm(vscode, installed.node, ['rebuild', ...native]).catch(async (error: unknown) => {
    if (!existsSync(SYSTEM_HEADERS)) throw error
    console.log('Trying again with the headers of the system Node.')
    await npm(vscode, installed.node, ['rebuild', ...native], { npm_config_nodedir: '/usr' })
  })
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

/**
 * Where node-gyp cannot download the headers of the Node it builds for, those of another Node serve: the
 * modules keep to Node-API. That they load is tried afterwards.
 */
const SYSTEM_HEADERS = '/usr/include/node/node_api.h'

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
