/** `npm start` as the README describes it: the demo server, and the inspector open on it. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ROOT } from '../../scripts/paths.ts'
import { openWorkbench } from './story.ts'
import type { Workbench } from './workbench.ts'

describe('npm start', () => {
  let start: ChildProcess
  let url: string
  let workbench: Workbench | undefined

  before(async () => {
    start = spawn(process.execPath, [join(ROOT, 'scripts', 'start.ts')], {
      env: { ...process.env, REALTIME_VSCODE: 'browser' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    url = await printedUrl(start)
    workbench = await openWorkbench(url)
  })
  after(async () => {
    await workbench?.close()
    if (start.exitCode === null) start.kill('SIGKILL')
  })

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot(`failed-${Date.now()}`)
  })

  it('shows traffic of every transport', async () => {
    assert.ok(workbench)
    for (const path of [
      '/ticker',
      '/events',
      '/config',
      '/status',
      '/log',
      '/camera',
      '/socket.io/',
      '/graphql',
    ]) {
      await workbench.toggleConnection(path)
      await workbench.rows(/↓/).first().waitFor()
      await workbench.toggleConnection(path)
    }
    await workbench.screenshot('demo')
  })

  it('shows the notices of the inspector', async () => {
    assert.ok(workbench)
    await workbench.command('Realtime: Recover Unsaved Sessions')
    await workbench.page
      .locator('.notifications-toasts .notification-list-item')
      .filter({ hasText: 'There are no unsaved sessions.' })
      .waitFor()
  })

  it('opens a folder with a description and a recording', async () => {
    assert.ok(workbench)
    const { page } = workbench
    const file = (name: string) => page.locator('.explorer-folders-view').getByRole('treeitem', { name })
    await file('README.md').waitFor()
    await file('demo.rtsession').dblclick()
    await page.getByRole('tab', { name: /^demo\.rtsession/ }).waitFor()
    const shown = page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame')
    for (const path of [
      '/ticker',
      '/events',
      '/config',
      '/status',
      '/log',
      '/camera',
      '/socket.io/',
      '/graphql',
    ])
      await shown.locator(`[title*="${path}"]`).first().waitFor()
  })

  it('ends with Ctrl-C, and VS Code with it', async () => {
    const ended = once(start, 'exit')
    start.kill('SIGINT')
    assert.deepEqual(await ended, [0, null])
    await assert.rejects(fetch(url))
  })
})

function printedUrl({ stdout }: ChildProcess): Promise<string> {
  let printed = ''
  return new Promise((resolve, reject) => {
    stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk
      const found = /http:\S+payload=\S+(?=\n)/.exec(printed)?.[0]
      if (found !== undefined) resolve(found)
    })
    stdout?.once('end', () => reject(new Error(`npm start ended:\n${printed}`)))
  })
}
