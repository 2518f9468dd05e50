/** After a crash: the extension host is killed during traffic, and the session is offered, saved and read. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openSession } from '../../src/session/session-reader.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { extensionHostsOf } from './servers.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

/** Milliseconds between messages, and those before the kill whose messages may be lost. */
const INTERVAL = 5
const GRACE = 300

describe('a session whose extension host is killed', () => {
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  let url: string
  /** When each message was sent: message `n` says so as `{"seq":n}`. */
  const sentAt: number[] = []
  let killedAt = 0

  before(async () => {
    url = await serveWebSocket((socket) => {
      const timer = setInterval(() => {
        socket.send(JSON.stringify({ seq: sentAt.length }))
        sentAt.push(performance.now())
      }, INTERVAL)
      socket.on('error', () => {})
      socket.on('close', () => clearInterval(timer))
    })
    opened = await openInspector()
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  it('captures until the kill', async () => {
    await workbench.connect(url)
    await workbench.rows('seq: ').first().waitFor()
    await workbench
      .rows(/seq: [1-9]\d{3}\b/)
      .first()
      .waitFor()
    const [host = assert.fail('there is one'), ...others] = await extensionHostsOf(opened.pid)
    assert.deepEqual(others, [])
    process.kill(host, 'SIGKILL')
    killedAt = performance.now()
  })

  it('is offered by the next window, as a warning, without a request', async () => {
    await workbench.page.reload()
    await workbench.ready()
    // Toasts hide by themselves; the bell shows all of them.
    await workbench.page.locator('[id="status.notifications"]').click()
    const offer = notification(/A session with [\d,]+ events .* has not been saved/)
    await offer.locator('.codicon-warning').waitFor()
    await offer.getByRole('button', { name: 'Discard' }).waitFor()
    await workbench.screenshot('offered')
    await workbench.page.locator('[id="status.notifications"]').click()
    // VS Code restores the panel only if it wrote its state down before the page was left.
    await workbench.command('Realtime: Open Panel')
    await shown().getByRole('heading', { name: '1 unsaved session' }).waitFor()
  })

  it('is opened from the first page, and stays unsaved', async () => {
    await offeredOnPage('Open').click()
    await workbench.page.getByRole('tab', { name: /^unsaved-.*\.rtsession/ }).waitFor()
    await shown().getByRole('row').filter({ hasText: 'seq: ' }).first().waitFor()
    await workbench.screenshot('recovered')
    await workbench.page.getByRole('tab', { name: /^Realtime Inspector/ }).click()
    await offeredOnPage('Discard').click()
    const dialog = workbench.page.locator('.monaco-dialog-box')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    await offeredOnPage('Save…').waitFor()
  })

  it('is saved completely, and then not offered any more', async () => {
    await offeredOnPage('Save…').click()
    await workbench.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click()
    await shown().getByRole('heading', { name: '1 unsaved session' }).waitFor({ state: 'detached' })
    const sequence = await savedSequence()
    assert.deepEqual(
      sequence,
      sequence.map((_, index) => index),
    )
    const due = sentAt.filter((time) => time < killedAt - GRACE).length
    assert.ok(due > 500)
    assert.ok(sequence.length >= due, `${sequence.length} of the ${due} messages sent long before the kill`)
    assert.ok(sequence.length <= sentAt.length)
  })

  /** The page in view; that of the other tab is kept, hidden, in a frame of its own. */
  function shown() {
    return workbench.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame')
  }

  function offeredOnPage(choice: string) {
    return shown().getByRole('button', { name: new RegExp(`^${choice} .* events from`) })
  }

  function notification(text: RegExp) {
    return workbench.page.locator('.notification-list-item').filter({ hasText: text })
  }

  /** The numbers in the messages of the one session saved in the folder. */
  async function savedSequence(): Promise<number[]> {
    const [name, ...others] = (await readdir(opened.folder)).filter((each) => each.endsWith('.rtsession'))
    assert.ok(name)
    assert.deepEqual(others, [])
    const sequence: number[] = []
    for await (const { events } of (await openSession(join(opened.folder, name))).batches())
      for (const event of events)
        if (event.type === 'message') sequence.push(JSON.parse(Buffer.from(event.payload).toString()).seq)
    return sequence
  }
})
