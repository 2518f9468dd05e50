/** Sessions in a workbench: closing with unsaved work, serving, a file that changes, and what the browser keeps. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { appendFile, readdir, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { openSession } from '../../src/session/session-reader.ts'
import { closeServers } from '../support/loopback.ts'
import { PATIENCE } from '../support/patience.ts'
import { message, twoConnections } from '../support/recording.ts'
import { sessionLines } from '../support/recording-file.ts'
import { storedBy } from './browser-storage.ts'
import { type Peers, startPeers } from './servers.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

const SECRETS = ['hunter2-token', 's3cr3t-bearer', 'c00kie-value', 'pa55word']

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

describe('sessions in a workbench', () => {
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  let peers: Peers

  before(async () => {
    peers = await startPeers()
    opened = await openInspector({ 'opened.rtsession': `${sessionLines(twoConnections(8)).join('\n')}\n` })
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const dialog = () => workbench.page.locator('.monaco-dialog-box')
  const quickInput = () => workbench.page.locator('.quick-input-widget')
  const panelTab = () => workbench.page.getByRole('tab', { name: /^Realtime Inspector/ })
  const notification = (text: RegExp) =>
    workbench.page.locator('.notification-list-item').filter({ hasText: text })
  /** The page in view; the live panel is kept, hidden, in a frame of its own. */
  const recording = () =>
    workbench.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame')
  const served = () => workbench.panel.getByRole('region', { name: 'Served sessions' })

  async function closePanel(): Promise<void> {
    await panelTab().click({ button: 'middle' })
    await panelTab().waitFor({ state: 'detached' })
  }

  /** Closes the panel, and answers what is asked. */
  async function closeAnd(answer: 'Save…' | 'Discard' | 'Keep Running'): Promise<void> {
    await closePanel()
    await dialog()
      .getByText(/events? (has|have) not been saved\.$/)
      .waitFor()
    assert.equal(await dialog().count(), 1)
    await dialog().getByRole('button', { name: answer }).click()
    await dialog().waitFor({ state: 'detached' })
  }

  async function openPanel(): Promise<void> {
    await workbench.command('Realtime: Open Panel')
    await panelTab().waitFor()
  }

  async function send(text: string): Promise<void> {
    const message = workbench.panel.getByRole('textbox', { name: 'Message' })
    await message.fill(text)
    await message.press('Control+Enter')
    await workbench.rows(text).nth(1).waitFor()
  }

  it('are asked about when the panel is closed, and continue if the user wants it', async () => {
    await workbench.connect(`ws://${peers.host}/echo`)
    await workbench.rows('welcome').waitFor()
    await closeAnd('Keep Running')
    await openPanel()
    await workbench.rows('welcome').waitFor()
    await send('still connected')
  })

  it('are saved if the user wants it when the panel is closed, and not asked about again', async () => {
    await closePanel()
    await dialog().getByRole('button', { name: 'Save…' }).click()
    await quickInput().getByRole('button', { name: 'OK' }).click()
    // Toasts hide by themselves; the bell shows all of them.
    const bell = workbench.page.locator('[id="status.notifications"]')
    await bell.click()
    await notification(/Saved [\d,]+ events/).waitFor()
    await bell.click()
    const names = (await readdir(opened.folder)).filter((name) => name.startsWith('session-'))
    assert.equal(names.length, 1)
    const texts: string[] = []
    for await (const { events } of (await openSession(join(opened.folder, names[0] ?? ''))).batches())
      for (const event of events)
        if (event.type === 'message') texts.push(Buffer.from(event.payload).toString())
    assert.ok(texts.includes('still connected'), texts.join(' '))
    await openPanel()
    await workbench.rows('still connected').first().waitFor()
    await closePanel()
    // The panel comes back without a dialog in its way.
    await openPanel()
    await workbench.rows('still connected').first().waitFor()
    assert.equal(await dialog().count(), 0)
  })

  it('are served, and the panel shows requests that do not match', async () => {
    await workbench.command('Realtime: Serve Session')
    const url = await served()
      .getByText(/^ws:\/\/127/)
      .textContent()
    assert.ok(url)
    const client = new WebSocket(url)
    const greeting = new Promise((resolve) => client.once('message', (data) => resolve(String(data))))
    await served().getByText('1 client', { exact: true }).waitFor()
    assert.match(String(await greeting), /welcome/)
    await fetch(new URL('/nowhere', url.replace('ws:', 'http:')))
    await served().getByRole('button', { name: '1 unmatched' }).click()
    await served()
      .getByText(/Nothing was recorded at \/nowhere/)
      .waitFor()
    await workbench.screenshot('serving')
    const port = await freePort()
    await served()
      .getByRole('button', { name: /^How .* is served…$/ })
      .click()
    await workbench.pick('Port…')
    await quickInput().getByText('A port from 1024 to 65535').waitFor()
    await workbench.type(String(port))
    await workbench.page.keyboard.press('Enter')
    await served().getByText(`ws://127.0.0.1:${port}/echo`).waitFor()
    await served()
      .getByRole('button', { name: /^Stop serving/ })
      .click()
    await served().waitFor({ state: 'detached' })
    await assert.rejects(fetch(url.replace('ws:', 'http:')))
    client.terminate()
  })

  it('are discarded if the user wants it when the panel is closed', async () => {
    await send('not worth keeping')
    await closeAnd('Discard')
    await openPanel()
    await workbench.panel.getByRole('heading', { name: 'Connect to something that pushes' }).waitFor()
  })

  it('in a file are served, as its page shows', async () => {
    await workbench.page.locator('.explorer-folders-view').getByText('opened.rtsession').dblclick()
    await recording().getByRole('row').filter({ hasText: 'n: 7' }).waitFor()
    await workbench.command('Realtime: Serve Session')
    const bar = recording().getByRole('region', { name: 'Served sessions' })
    await bar.getByText(/^ws:\/\/127.*\/feed$/).waitFor()
    assert.equal(await bar.getByRole('button', { name: /^Stop serving/ }).count(), 1)
    await bar.getByRole('button', { name: 'Stop serving opened.rtsession' }).click()
    await bar.waitFor({ state: 'detached' })
  })

  it('in a file that changes are read again, but only on request', async () => {
    const path = join(opened.folder, 'opened.rtsession')
    const [, line] = sessionLines([message(2000, 'came later')])
    await appendFile(path, `${line}\n`)
    await recording().getByText('opened.rtsession has changed since it was read').waitFor()
    assert.equal(await recording().getByRole('row').filter({ hasText: 'came later' }).count(), 0)
    await workbench.screenshot('file-changed')
    await recording().getByRole('button', { name: 'Reload' }).click()
    await recording().getByRole('row').filter({ hasText: 'came later' }).waitFor()
    await recording().getByText('has changed since').waitFor({ state: 'detached' })
    await rm(path)
    await recording().getByText('opened.rtsession does not exist any more').waitFor()
    await workbench.page.getByRole('tab', { name: /^opened/ }).click({ button: 'middle' })
  })

  describe('with secrets', () => {
    /** Waits until the browser stores something about the connection, which VS Code does every few seconds. */
    async function kept(): Promise<string> {
      const deadline = performance.now() + PATIENCE
      for (;;) {
        const text = await storedBy(workbench.page)
        if (text.includes('token=***')) return text
        assert.ok(performance.now() < deadline, 'the browser keeps the recent connection')
      }
    }

    it('are not kept by the browser', async () => {
      await workbench.connect(`ws://user:${SECRETS[3]}@${peers.host}/echo?token=${SECRETS[0]}`, /Configure…/)
      for (const header of [`Authorization: Bearer ${SECRETS[1]}`, `Cookie: sid=${SECRETS[2]}`]) {
        await workbench.pick(/^Headers/)
        await quickInput().getByText('Name: value. Leave the value empty').waitFor()
        await workbench.type(header)
        await workbench.page.keyboard.press('Enter')
        await quickInput().getByText('Configure the connection').waitFor()
      }
      await quickInput().getByText('Authorization, Cookie').waitFor()
      await workbench.pick(/^\s*Connect/)
      await workbench.rows('welcome').waitFor()
      const text = await kept()
      for (const secret of SECRETS) assert.ok(!text.includes(secret), `the browser keeps ${secret}`)
    })

    it('are not kept after a reload either', async () => {
      await workbench.page.reload()
      await workbench.ready()
      // VS Code may bring back a tab that was closed only a moment ago.
      await workbench.command('View: Close All Editors')
      await workbench.command('Realtime: Open Panel')
      await workbench.panel
        .getByText(/\/echo\?token=\*\*\*/)
        .first()
        .waitFor()
      const text = await kept()
      for (const secret of SECRETS) assert.ok(!text.includes(secret), `the browser keeps ${secret}`)
    })
  })
})
