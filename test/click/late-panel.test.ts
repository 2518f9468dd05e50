/** A panel that loads late while the user is being asked: it leaves the question alone. */
import { closeServers } from '../support/loopback.ts'
import { type Peers, startPeers } from './servers.ts'
import { SideBar } from './side-bar.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

/** The document of every webview, in which the page loads. */
const WEBVIEW = /\/webview\/browser\/pre\/index[^/]*\.html/

describe('a panel that loads late', () => {
  oneStory(() => workbench)
  let peers: Peers
  let opened: OpenedInspector
  let workbench: Workbench
  let bar: SideBar
  let release = () => {}
  const isReleased = new Promise<void>((resolve) => {
    release = resolve
  })

  before(async () => {
    peers = await startPeers()
    opened = await openInspector()
    workbench = opened.workbench
    bar = new SideBar(workbench.page)
    await workbench.page.route(WEBVIEW, async (route) => {
      await isReleased
      await route.continue()
    })
  })
  after(async () => {
    release()
    await opened?.close()
    closeServers()
  })

  const picks = () => workbench.page.locator('.quick-input-list .monaco-list-row')

  it('is opened with the focus, and has not loaded when a menu opens', async () => {
    await bar.open()
    await workbench.command('Realtime: Start Recording Proxy')
    await workbench.type(peers.host)
    await workbench.pick(`http://${peers.host}`)
    await bar.row('Servers', /Proxy :\d+/).waitFor()
    await workbench.command('Realtime: Open Panel')
    await workbench.page.getByRole('tab', { name: 'Realtime Inspector' }).first().waitFor()
    await bar.row('Servers', /Proxy :\d+/).click()
    await picks().filter({ hasText: 'Open in Browser' }).waitFor()
  })

  it('does not close the menu when it has loaded, nor take its keys', async () => {
    release()
    await workbench.panel.getByText('http://127.0.0.1:').first().waitFor()
    await picks().filter({ hasText: 'Open in Browser' }).waitFor()
    await workbench.page.locator('.quick-input-widget:focus-within').waitFor()
    await workbench.page.keyboard.press('Escape')
    await workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })
  })
})
