/** A folder whose authors are not trusted: its settings and protocols have no effect, and commands still work. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '../support/eventually.ts'
import { closeServers } from '../support/loopback.ts'
import { type Peers, startPeers } from './servers.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

/** VS Code does not trust any folder, and does not ask. */
const WARY = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' }
/** Less than the size of the peer's first message. */
const FOLDER_SETTINGS = JSON.stringify({ 'realtimeInspector.maxMessageSize': 10 })

/** Calls the peer's first message `greeted`. */
const PROTOCOLS = JSON.stringify([
  {
    name: 'acme',
    recognize: [{ message: { '$.type': 'welcome' } }],
    messages: [{ when: { '$.type': 'welcome' }, kind: 'event', name: 'greeted' }],
  },
])

describe('a workbench in restricted mode', () => {
  oneStory(() => workbench)
  let peers: Peers
  let opened: OpenedInspector
  let workbench: Workbench

  before(async () => {
    peers = await startPeers()
    opened = await openInspector(
      {
        '.vscode/settings.json': FOLDER_SETTINGS,
        '.realtime/protocols.json': PROTOCOLS,
        'chat.http': `### Chat\nWEBSOCKET ws://${peers.host}/echo\n`,
      },
      WARY,
    )
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  it('connects on request, with the settings of the user', async () => {
    await workbench.page.getByRole('button', { name: /Restricted Mode/ }).waitFor()
    await workbench.connect(`ws://${peers.host}/echo`)
    await workbench.rows('welcome').waitFor()
    await workbench.command('Realtime: Disconnect')
    await workbench.rows('closed by client').waitFor()
    assert.equal(await workbench.rows('greeted').count(), 0)
  })

  it('does not run requests of the folder, and leads to where it can be trusted', async () => {
    await workbench.command('Realtime: Run Request')
    await workbench.pick('Chat')
    const told = workbench.page
      .locator('.notification-list-item')
      .filter({ hasText: /do not run in Restricted Mode/ })
    const button = told.getByRole('button', { name: 'Manage Workspace Trust' })
    // The list of notifications closes if the first of them appears at the moment of the click.
    await eventually(async () => {
      if (!(await button.isVisible())) await workbench.page.locator('[id="status.notifications"]').click()
      const appears = button.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      )
      assert.ok(await appears, 'the notification is in the list')
    })
    await workbench.command('Notifications: Clear All Notifications')
  })

  it('uses the settings and protocols of the folder once it is trusted', async () => {
    await workbench.command('Workspaces: Manage Workspace Trust')
    await workbench.page.getByRole('button', { name: 'Trust', exact: true }).click()
    await workbench.page.getByText('You trust this folder').waitFor()
    await workbench.page.getByRole('button', { name: /^Close Modal Editor/ }).click()
    await workbench.page.getByText('You trust this folder').waitFor({ state: 'hidden' })
    await workbench.rows('greeted').waitFor()
    await workbench.connect(`ws://${peers.host}/echo`)
    await workbench.rows(/larger than the limit of 10 bytes/).waitFor()
    await workbench.screenshot('trust-given')
  })

  it('says where the protocols of the folder have a mistake', async () => {
    await writeFile(join(opened.folder, '.realtime', 'protocols.json'), PROTOCOLS.replace('event', 'evnt'))
    await workbench.rows('greeted').waitFor({ state: 'detached' })
    // Toasts hide by themselves; the bell shows all of them.
    await workbench.page.locator('[id="status.notifications"]').click()
    await workbench.page
      .locator('.notification-list-item')
      .filter({
        hasText: /One of your protocols is not used: .*protocols\.json\[0\]\.messages\[0\]\.kind has to be/,
      })
      .waitFor()
  })
})
