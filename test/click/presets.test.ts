/** Presets in a workbench: found by words, completed, and written into a file. */
import assert from 'node:assert/strict'
import { eventually } from '../support/eventually.ts'
import { closeServers } from '../support/loopback.ts'
import { Telegram } from '../support/stand-ins/telegram.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

describe('presets in a workbench', () => {
  let opened: OpenedInspector | undefined
  let workbench: Workbench

  oneStory(() => opened?.workbench)
  before(async () => {
    opened = await openInspector({ 'mine.http': '### Telegram\nLONGPOLL http://127.0.0.1:1/\n' })
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const box = (title: string | RegExp) =>
    workbench.page.locator('.quick-input-title').getByText(title).waitFor()
  const answer = async (text: string) => {
    await workbench.type(text)
    await workbench.page.keyboard.press('Enter')
  }

  it('are found by words, and ask for an address and a token', async () => {
    const telegram = await new Telegram().serve()
    await workbench.askForUrl()
    await workbench.type('telegram')
    await workbench.pick('Telegram bot updates')
    await box('Telegram bot updates (1/1)')
    await answer(telegram.url)
    await workbench.page.locator('.quick-input-widget').getByText('TELEGRAM_TOKEN').first().waitFor()
    await workbench.page.locator('.quick-input-widget input[type="password"]').fill('12:secret')
    await workbench.page.keyboard.press('Enter')
    assert.equal((await telegram.request(1)).url, '/bot12:secret/getUpdates?timeout=50')
    telegram.message()
    await workbench.rows('update_id').first().waitFor()
    assert.equal((await telegram.query(2)).offset, '701')
    assert.equal(await workbench.panel.getByText('12:secret').count(), 0)
  })

  it('are written into a file under a free name, with places to fill in', async () => {
    await workbench.command('Realtime: New Request from Preset')
    await box('New Request from Preset')
    await workbench.type('telegram')
    await workbench.pick('Telegram bot updates')
    await workbench.pick('mine.http')
    const editor = workbench.page.locator('.editor-instance .monaco-editor').first()
    await editor.getByText('### Telegram 2').waitFor()
    await workbench.page.keyboard.type('http://telegram.example')
    await eventually(async () => {
      const lines = (await editor.locator('.view-line').allInnerTexts()).map((line) =>
        line.replaceAll('\u00a0', ' '),
      )
      assert(lines.includes('@telegram = http://telegram.example'), lines.join('\n'))
      assert(lines.some((line) => line.includes('/bot{{$secret TELEGRAM_TOKEN}}/getUpdates')))
    })
  })
})
