/** A folder whose authors are not trusted: its settings have no effect, and commands still work. */
import { closeServers } from '../support/loopback.ts'
import { type Peers, startPeers } from './servers.ts'
import { oneStory } from './story.ts'
import { type OpenedInspector, openInspector, type Workbench } from './workbench.ts'

/** VS Code does not trust any folder, and does not ask. */
const WARY = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' }
/** Less than the size of the peer's first message. */
const FOLDER_SETTINGS = JSON.stringify({ 'realtimeInspector.maxMessageSize': 10 })

describe('a workbench in restricted mode', function () {
  this.timeout(180_000)
  oneStory(() => workbench)
  let peers: Peers
  let opened: OpenedInspector
  let workbench: Workbench

  before(async () => {
    peers = await startPeers()
    opened = await openInspector({ '.vscode/settings.json': FOLDER_SETTINGS }, WARY)
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  it('connects on request, with the settings of the user', async () => {
    await workbench.page.getByRole('button', { name: /Restricted Mode/ }).waitFor()
    await workbench.connect(`ws://${peers.host}/echo`)
    await workbench.rows('"type":"welcome"').waitFor()
    await workbench.command('Realtime: Disconnect')
    await workbench.rows('closed by client').waitFor()
  })

  it('uses the settings of the folder once it is trusted', async () => {
    await workbench.command('Workspaces: Manage Workspace Trust')
    await workbench.page.getByRole('button', { name: 'Trust', exact: true }).click()
    await workbench.page.getByText('You trust this folder').waitFor()
    await workbench.page.getByRole('button', { name: /^Close Modal Editor/ }).click()
    await workbench.page.getByText('You trust this folder').waitFor({ state: 'hidden' })
    await workbench.connect(`ws://${peers.host}/echo`)
    await workbench.rows(/larger than the limit of 10 bytes/).waitFor()
    await workbench.screenshot('trust-given')
  })
})
