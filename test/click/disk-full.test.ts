/** The disk fills up while a session is captured: how it is reported, and what saving says. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { canMount, type SmallDisk, smallDisk } from '../support/small-disk.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'

const FULL = /The disk is full: only the newest payloads are kept, in memory/

if (canMount)
  describe('a session on a disk that fills up', () => {
    oneStory(() => opened?.workbench)
    let opened: OpenedInspector
    let disk: SmallDisk | undefined
    let peer: WebSocket

    before(async () => {
      opened = await openInspector({}, { 'realtimeInspector.memoryLimitMB': 16 })
      await opened.workbench.command('Realtime: Open Panel')
      await opened.workbench.panel.getByRole('textbox', { name: 'URL or words' }).waitFor()
      const spool = await spoolIn(opened.profile)
      mkdirSync(spool, { recursive: true })
      disk = smallDisk(4, spool)
    })
    after(async () => {
      disk?.unmount()
      await opened?.close()
      closeServers()
    })

    const notification = (text: RegExp) =>
      opened.workbench.page.locator('.notification-list-item').filter({ hasText: text })

    it('is reported with a banner, a notification and a row at once', async () => {
      const { workbench } = opened
      const url = await serveWebSocket((socket) => {
        peer = socket
      })
      await workbench.connect(url)
      await workbench.connection('127.0.0.1').waitFor()
      for (let n = 0; n < 600; n++) peer.send(`{"n":${n},"pad":"${'x'.repeat(50_000)}"}`)
      await workbench.panel.locator('.notice.tone-error').filter({ hasText: FULL }).waitFor()
      await workbench.panel
        .locator('.notice')
        .filter({ hasText: /[\d\s]+ payloads could not be written to disk and are lost/ })
        .waitFor()
      await workbench.rows('n: 599').waitFor()
      await workbench.page.locator('[id="status.notifications"]').click()
      await notification(FULL).getByRole('button', { name: 'Open Setting' }).waitFor()
      await workbench.screenshot('disk-full')
      await workbench.page.locator('[id="status.notifications"]').click()
      await workbench.panel.getByRole('combobox', { name: 'Filter' }).fill('type:mark')
      await workbench.rows(FULL).first().waitFor()
      await workbench.panel.getByRole('combobox', { name: 'Filter' }).fill('')
    })

    it('is saved with a note on what it lacks', async () => {
      const { page } = opened.workbench
      await opened.workbench.command('Realtime: Save Session')
      await page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click()
      const item = page.locator('[id="status.notifications"]')
      await item.click()
      const said = notification(
        /^.*Saved [\d,]+ events\. Saved without payloads that had been dropped: [\d,]+ events/,
      )
      await said.first().waitFor()
      assert.ok((await said.count()) >= 1)
    })
  })

/** The folder in which the extension captures. */
async function spoolIn(profile: string): Promise<string> {
  const windows = join(profile, 'data', 'User', 'workspaceStorage')
  const [window = assert.fail('there is one'), ...others] = await readdir(windows)
  assert.deepEqual(others, [])
  return join(windows, window, 'realtime-inspector.realtime-inspector', 'spool')
}
