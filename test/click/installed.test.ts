/** The extension as its package has it, whose pages are in an archive. Needs a production build. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NEWEST } from '../../scripts/code-server.ts'
import { ROOT } from '../../scripts/paths.ts'
import { type RunningServer, startVsCodeServer } from '../../scripts/vscode-server.ts'
import { openWorkbench } from './story.ts'
import type { Workbench } from './workbench.ts'

describe('the installed extension', () => {
  let folder: string
  let server: RunningServer | undefined
  let workbench: Workbench | undefined

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'realtime-click-'))
    server = await startVsCodeServer({ release: NEWEST, folder, installed: [ROOT], settings: {} })
    workbench = await openWorkbench(server.url)
  })
  after(async () => {
    await workbench?.close()
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('unpacks its pages, and shows the panel with its icons', async () => {
    assert.ok(workbench && server)
    await workbench.command('Realtime: Open Panel')
    const icon = workbench.panel.locator('.codicon').first()
    await icon.waitFor()
    const isLoaded = await icon.evaluate(async () => (await document.fonts.load('16px codicon')).length > 0)
    assert.ok(isLoaded)
    const names = await readdir(server.profile, { recursive: true })
    const unpacked = names.filter((name) => /globalStorage.*[\\/]pages[\\/]\w+[\\/]webview\.js$/.test(name))
    assert.equal(unpacked.length, 1, names.filter((name) => name.includes('globalStorage')).join(', '))
    const script = await workbench.panel.locator('script[type=module]').getAttribute('src')
    assert.match(script ?? '', /globalStorage.*\/pages\/\w+\/webview\.js$/)
  })
})
