/**
 * A VS Code for each story, with the extension under development. All stories of a run share a browser, and those that
 * install nothing else share VS Code's server: a window in it takes half of the processor time of one in a new VS Code,
 * as Chromium and the server have read and compiled everything before.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { NEWEST } from '../../scripts/code-server.ts'
import { ROOT } from '../../scripts/paths.ts'
import { type RunningServer, STILL_SETTINGS, startVsCodeServer } from '../../scripts/vscode-server.ts'
import { becomes } from '../support/eventually.ts'
import { closeBrowser, openPage } from '../support/shared-browser.ts'
import { extensionHostsOf, signal } from './servers.ts'
import { SIZE, Workbench } from './workbench.ts'

const SETTINGS = {
  ...STILL_SETTINGS,
  // The tooltip of what the mouse was left on would cover what is clicked next.
  'workbench.hover.delay': 600_000,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.preferredDarkColorTheme': 'Default Dark Modern',
  'workbench.preferredLightColorTheme': 'Default Light Modern',
}

export interface OpenedInspector {
  readonly workbench: Workbench
  /** The folder that is open. */
  readonly folder: string
  /** The folder in which VS Code's server keeps everything. */
  readonly profile: string
  /** The process of VS Code's server. */
  readonly pid: number
  close(): Promise<void>
}

let shared: RunningServer | undefined
/** A test has failed, and may have left the server and the browser in any state. */
let isSpoiled = false

// Hooks of the whole run, as the file is loaded outside of a suite.
afterEach(function () {
  isSpoiled ||= this.currentTest?.state === 'failed'
})
after(() => shared?.stop())

/** Opens a workbench at its URL, in the browser that all share. */
export async function openWorkbench(url: string): Promise<Workbench> {
  return await Workbench.open(url, await openPage(SIZE))
}

/**
 * A window in a dark theme on a new folder, as a user sees it who never opened one. The folder has these files, given as
 * text by path. `installed` are folders of other extensions.
 */
export async function openInspector(
  files: Readonly<Record<string, string>> = {},
  userSettings: Readonly<Record<string, unknown>> = {},
  installed: readonly string[] = [],
): Promise<OpenedInspector> {
  if (isSpoiled) await startAfresh()
  const folder = await mkdtemp(join(tmpdir(), 'realtime-click-'))
  let server: RunningServer | undefined
  let workbench: Workbench | undefined
  const close = async () => {
    await workbench?.close()
    if (server !== undefined) await (server === shared ? endHosts(server.pid) : server.stop())
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    const settings = { ...SETTINGS, ...userSettings }
    const development = { extension: ROOT }
    const options = { release: NEWEST, folder, installed, development, settings }
    server = installed.length === 0 ? shared : undefined
    const url = await server?.renew(folder, settings)
    server ??= await startVsCodeServer(options)
    if (installed.length === 0) shared = server
    workbench = await openNew(url ?? server.url)
    const { pid, profile } = server
    return { workbench, folder, profile, pid, close }
  } catch (error) {
    isSpoiled = true
    await close()
    throw error
  }
}

/** Opens a workbench of which the browser has stored nothing. What it has compiled stays. */
async function openNew(url: string): Promise<Workbench> {
  const page = await openPage(SIZE)
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(url)
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
  await session.detach()
  return await Workbench.open(url, page)
}

/** Closes what is shared after a failure, so that the next story has others. */
async function startAfresh(): Promise<void> {
  await closeBrowser()
  await shared?.stop()
  shared = undefined
  isSpoiled = false
}

/** Ends the extension hosts of windows that were closed, which would end by themselves some time later. */
async function endHosts(server: number): Promise<void> {
  for (const host of await extensionHostsOf(server)) signal(host, 'SIGKILL')
  await becomes(() => extensionHostsOf(server), [])
}

/**
 * Tests of a suite that depend on each other: tests after a failure would only repeat it, and are skipped. After
 * a failure there is a screenshot, if there is a workbench.
 */
export function oneStory(workbench: () => Workbench | undefined): void {
  let isBroken = false
  beforeEach(() => {
    // Mocha skips the rest of a suite whose hook fails. A test that is skipped otherwise counts as failed.
    if (isBroken) throw new Error('What follows builds on what has failed, and was left out.')
  })
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return
    isBroken = true
    await workbench()?.screenshot(`failed-${Date.now()}`)
  })
}
