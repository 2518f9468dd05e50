/** VS Code from the npm registry, as code-server: pinned versions, installed once into `.vscode-test/`. */
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { CACHE } from './paths.ts'
import { mustRun } from './run.ts'

export interface Release {
  readonly version: string
  /** The version of VS Code that it contains. */
  readonly vscode: string
  /** The Node.js version: of the release line in its `engines`, like that VS Code's extension host. */
  readonly node: string
}

export const NEWEST: Release = { version: '4.139.1', vscode: '1.139.1', node: '24.21.0' }
/** The oldest version that `engines.vscode` allows. */
export const OLDEST: Release = { version: '4.110.0', vscode: '1.110.0', node: '22.23.3' }
/** Node.js packages in the npm registry; those for Linux include the headers. */
const NODE = process.platform === 'linux' ? `node-linux-${process.arch}` : 'node'
/** Used instead of the node-gyp of npm: Debian's links modules to Debian's Node.js library, which crashes another Node.js. */
const NODE_GYP = 'node-gyp@13.1.0'

export interface Installed {
  /** Path of the Node.js that it runs on. */
  readonly node: string
  /** VS Code's own server. Unlike code-server's wrapper, it allows extensions under development. */
  readonly server: string
}

/** Installs a release if it is missing (a minute or two, 600 MB). */
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
 * Native modules of VS Code's server that are built on this machine. Other install scripts do not run: the search
 * tool's downloads from GitHub, and the wrapper's installs everything.
 */
const NATIVE = [
  ...['kerberos', 'node-pty', '@parcel/watcher'],
  ...['@vscode/deviceid', '@vscode/native-watchdog', '@vscode/spdlog', '@vscode/sqlite3'],
]

/** Makes node-gyp use the headers that came with that Node.js instead of downloading them. */
function headers(node: string): Readonly<Record<string, string>> {
  return existsSync(join(node, 'include')) ? { npm_config_nodedir: node } : {}
}

/** Runs npm on the given Node.js, so that modules are built for it. */
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
  await mustRun('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, env })
}
