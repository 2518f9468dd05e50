/** Sessions that a window left, found by another window of the folder without a panel. */
import assert from 'node:assert/strict'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { extensionHostsOf } from './servers.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import { Workbench } from './workbench.ts'

describe('a session that a window left', () => {
  oneStory(() => second ?? opened?.workbench)
  let opened: OpenedInspector | undefined
  let second: Workbench | undefined

  before(async () => {
    opened = await openInspector({}, { 'realtimeInspector.confirmClose': false })
  })
  after(async () => {
    await second?.close()
    await opened?.close()
    closeServers()
  })

  const item = ({ page }: Workbench) => page.locator('[id$="realtimeInspector.statusUnsaved"]')

  it('is shown in another window while it continues, which opens a copy of it', async () => {
    assert.ok(opened)
    const url = await serveWebSocket((socket) => socket.send('{"left":"behind"}'))
    await opened.workbench.connect(url)
    await opened.workbench.rows('left:').first().waitFor()
    // In a browser of its own: this one restores the panel in each window with the folder.
    second = await Workbench.open(opened.workbench.page.url())
    await item(second).filter({ hasText: '1 session in another window' }).waitFor()
    await item(second).click()
    await second.page.locator('[id="status.notifications"]').click()
    const told = second.page.locator('.notification-list-item').filter({
      hasText: /A session with \d+ events .* is still being captured by another window with this folder/,
    })
    await told.getByRole('button', { name: 'Open a Copy' }).click()
    await second.page.getByRole('tab', { name: /^running-.*\.rtsession/ }).waitFor()
    await second.rows('left:').first().waitFor()
  })

  it('is shown in the status bar of a window that opens after its host ended, without a panel', async () => {
    assert.ok(opened && second)
    const { workbench, pid } = opened
    await workbench.command('View: Close Editor')
    await workbench.page.locator('iframe.webview.ready').waitFor({ state: 'detached' })
    for (const host of await extensionHostsOf(pid)) process.kill(host, 'SIGKILL')
    await second.close()
    second = undefined
    await workbench.page.reload()
    await workbench.ready()
    await item(workbench).filter({ hasText: '1 session unsaved' }).waitFor()
    await workbench.screenshot('left-behind')
    await workbench.page.locator('[id="status.notifications"]').click()
    await workbench.page
      .locator('.notification-list-item')
      .filter({ hasText: /A session with \d+ events .* has not been saved/ })
      .getByRole('button', { name: 'Discard' })
      .click()
    await item(workbench).waitFor({ state: 'hidden' })
  })
})
