/** VS Code's own server on loopback with a temporary profile. The workbench opens in any browser. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { listFiles, PackageManager } from '@vscode/vsce'
import { installCodeServer, type Release } from './code-server.ts'

export interface ServerOptions {
  readonly release: Release
  /** The folder that the workbench opens. */
  readonly folder: string
  /** Folders of extensions to install, with the files that their packages would have. */
  readonly installed?: readonly string[]
  /** An extension under development, only for tests: the flag for it also hides notification toasts. */
  readonly development?: {
    readonly extension: string
    /** A module that exports `run()`. The extension host runs it and exits. */
    readonly tests?: string
  }
  readonly settings?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

export interface RunningServer {
  readonly url: string
  /** The folder of the profile. */
  readonly profile: string
  /** Id of the server's process. Extension hosts are its children. */
  readonly pid: number
  /** The last part of what the server has printed. */
  log(): string
  /**
   * Removes what closed windows have left in the profile, for a window with another folder and other settings. Returns
   * its URL. No extension host may run.
   */
  renew(folder: string, settings?: ServerOptions['settings']): Promise<string>
  /** Ends the server and removes its profile. */
  stop(): Promise<void>
}

/** Settings that show only the product and avoid questions. */
const QUIET_SETTINGS = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
}

/**
 * Settings of tests: nothing moves, as to draw a frame of an animation takes as long as to draw one that says something,
 * and nothing looks for ports again and again, of which those of other tests would be offered.
 */
export const STILL_SETTINGS = {
  'editor.cursorBlinking': 'solid',
  'workbench.reduceMotion': 'on',
  'remote.autoForwardPorts': false,
}

const START_TIMEOUT = 180_000

export async function startVsCodeServer(options: ServerOptions): Promise<RunningServer> {
  const { node, server } = await installCodeServer(options.release)
  const data = await mkdtemp(join(tmpdir(), 'realtime-vscode-'))
  await writeSettings(data, options.settings)
  for (const folder of options.installed ?? []) await install(folder, join(data, 'extensions'))
  const args = [
    ...[server, '--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ...['--server-data-dir', data, '--extensions-dir', join(data, 'extensions')],
    ...(options.development === undefined ? [] : ['--enable-smoke-test-driver']),
  ]
  const env = { ...process.env, ...options.env, REALTIME_PROFILE: data, VSCODE_CLI_REQUIRE_TOKEN: '' }
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const log = keepLast(child, 20_000)
  const stop = async () => {
    await endGroup(child)
    await rm(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  try {
    const port = await listening(child, log)
    const { pid = 0 } = child
    const renew: RunningServer['renew'] = async (folder, settings) => {
      await rm(join(data, 'data', 'User'), { recursive: true, force: true })
      await writeSettings(data, settings)
      return workbenchUrl(port, { ...options, folder })
    }
    return { url: workbenchUrl(port, options), profile: data, pid, log, renew, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Copies the files of an extension's package to the folder of installed extensions. */
async function install(folder: string, extensions: string): Promise<void> {
  const files = await listFiles({ cwd: folder, packageManager: PackageManager.None })
  for (const file of files) await cp(join(folder, file), join(extensions, basename(folder), file))
}

async function writeSettings(data: string, more: ServerOptions['settings']): Promise<void> {
  const settings = { ...QUIET_SETTINGS, ...more }
  for (const scope of ['User', 'Machine']) {
    await mkdir(join(data, 'data', scope), { recursive: true })
    await writeFile(join(data, 'data', scope, 'settings.json'), JSON.stringify(settings, undefined, 2))
  }
}

/** Collects both output streams, up to `limit` characters. */
function keepLast(child: ChildProcess, limit: number): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-limit)
    })
  }
  return () => text
}

function listening(child: ChildProcess, log: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`VS Code's server ${why}:\n${log()}`))
    const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT)
    child.once('exit', () => fail('ended'))
    child.stdout?.on('data', () => {
      const port = /agent listening on (\d+)/.exec(log())?.[1]
      if (port === undefined) return
      clearTimeout(timer)
      child.removeAllListeners('exit')
      resolve(Number(port))
    })
  })
}

function workbenchUrl(port: number, { development, folder }: ServerOptions): string {
  const remote = (name: string, path: string | undefined) =>
    path === undefined ? [] : [[name, `vscode-remote://127.0.0.1:${port}${path}`]]
  const payload = [
    ...remote('extensionDevelopmentPath', development?.extension),
    ...remote('extensionTestsPath', development?.tests),
    ['skipWelcome', 'true'],
  ]
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) })
  return `http://127.0.0.1:${port}/?${query}`
}

/** Ends the server's whole process group, which includes the extension hosts. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  const timer = setTimeout(() => signal(child.pid, 'SIGKILL'), 5000)
  signal(child.pid, 'SIGTERM')
  await ended
  clearTimeout(timer)
  signal(child.pid, 'SIGKILL')
}

function signal(group: number | undefined, name: NodeJS.Signals): void {
  try {
    if (group !== undefined) process.kill(-group, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
