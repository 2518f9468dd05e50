/** A connection that an agent opens in a workbench: the user is asked, and sees in each place that it is the agent's. */
import { join } from 'node:path'
import { ROOT } from '../../scripts/paths.ts'
import { closeServers } from '../support/loopback.ts'
import { type Peers, startPeers } from './servers.ts'
import { SideBar } from './side-bar.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

const AGENT = join(ROOT, 'test', 'fixtures', 'agent')

describe('a connection of an agent', () => {
  oneStory(() => workbench)
  let peers: Peers
  let opened: OpenedInspector
  let workbench: Workbench
  let bar: SideBar

  before(async () => {
    peers = await startPeers()
    opened = await openInspector({}, {}, [AGENT])
    workbench = opened.workbench
    bar = new SideBar(workbench.page)
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const chip = (path: string, name: string) =>
    workbench.connection(path).locator('.connection-face').getByText(name, { exact: true })

  it('is opened only if the user agrees', async () => {
    await bar.open()
    await workbench.command('Test Agent: Connect')
    await workbench.page.locator('.quick-input-title').getByText('Connect As an Agent').waitFor()
    await workbench.type(`ws://${peers.host}/echo?token=hunter2`)
    await workbench.page.keyboard.press('Enter')
    const dialog = workbench.page.locator('.monaco-dialog-box')
    await dialog.getByText('Open a realtime connection?').waitFor()
    await dialog.getByText(/token=\*\*\*/).waitFor()
    await workbench.screenshot('agent-question')
    await dialog.getByRole('button', { name: 'Yes' }).click()
    await workbench.rows('welcome').waitFor()
  })

  it('says on its chip, in its rows and in the side bar that it is the agent’s, beside one of the user', async () => {
    await workbench.connect(`http://${peers.host}/events`)
    await workbench.rows('hello from the event stream').waitFor()
    await chip('/echo', 'agent: echo').waitFor()
    await chip('/events', 'sse events').waitFor()
    await workbench.rows('welcome').getByText('agent: echo', { exact: true }).waitFor()
    await bar.row('Connections', 'agent: echo').waitFor()
    await bar.row('Connections', /^\s*events/).waitFor()
    await workbench.screenshot('agent-connection')
  })
})
