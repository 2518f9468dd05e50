/** A recording proxy in a workbench: started from the palette, used by a real client, seen in the side bar and the panel, stopped. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { closeServers } from '../support/loopback.ts'
import { type Peers, startPeers } from './servers.ts'
import { SideBar } from './side-bar.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

describe('a recording proxy in a workbench', () => {
  oneStory(() => workbench)
  let peers: Peers
  let opened: OpenedInspector
  let workbench: Workbench
  let bar: SideBar
  let port: string
  const clients: WebSocket[] = []

  before(async () => {
    peers = await startPeers()
    opened = await openInspector()
    workbench = opened.workbench
    bar = new SideBar(workbench.page)
  })
  after(async () => {
    for (const client of clients) client.terminate()
    await opened?.close()
    closeServers()
  })

  const row = () => bar.row('Servers', /Proxy :\d+/)
  const box = (title: string | RegExp) => workbench.page.locator('.quick-input-title').getByText(title)

  async function connect(): Promise<WebSocket> {
    const client = new WebSocket(`ws://127.0.0.1:${port}/echo`)
    clients.push(client)
    client.on('error', () => {})
    await once(client, 'message')
    return client
  }

  /** Requests that are not recorded, one after the other. */
  async function passRequests(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      const response = await fetch(`http://127.0.0.1:${port}/`)
      await response.arrayBuffer()
      await setTimeout(50)
    }
  }

  it('is started from the palette, and says in three places where it listens', async () => {
    await bar.open()
    await workbench.command('Realtime: Start Recording Proxy')
    await box('Start Recording Proxy').waitFor()
    await workbench.screenshot('proxy-target')
    await workbench.type(peers.host)
    await workbench.pick(`http://${peers.host}`)
    await row().getByText('waiting for traffic').waitFor()
    port = /Proxy :(\d+)/.exec(await row().innerText())?.[1] ?? assert.fail('it says its port')
    await workbench.page.locator('.statusbar').getByText(`:${port}`).waitFor()
    await workbench.panel.getByText(`http://127.0.0.1:${port}`).first().waitFor()
    await workbench.screenshot('proxy-waiting')
  })

  it('shows a client that connects through it, below it and in the panel, with what it says', async () => {
    const client = await connect()
    client.send('{"type":"hello","from":"my app"}')
    await bar.row('Servers', 'echo').getByText('open').waitFor()
    await workbench.rows('my app').first().waitFor()
    await row().getByText('1 connection').waitFor()
    await workbench.screenshot('proxy-dark')
  })

  it('cuts a connection by the button of its row while requests pass', async () => {
    await connect()
    const client = clients[0] ?? assert.fail('a client is connected')
    const closed = once(client, 'close')
    await bar.row('Servers', 'echo').nth(1).waitFor()
    const passing = new AbortController()
    const requests = passRequests(passing.signal)
    try {
      await bar.row('Servers', /Not recorded.*requests/).waitFor()
      await bar.press(bar.row('Servers', 'echo').first(), 'Cut Connection')
      await closed
    } finally {
      passing.abort()
      await requests
    }
  })

  it('offers faults, and what to do with it, in menus', async () => {
    await bar.press(row(), 'Faults on Purpose…')
    await box(/^Faults on Purpose/).waitFor()
    await workbench.page.locator('.quick-input-list').getByText('slow-3g').first().waitFor()
    await workbench.screenshot('proxy-faults')
    await workbench.page.keyboard.press('Escape')
    await row().click()
    await workbench.page.locator('.quick-input-list').getByText('Open in Browser').waitFor()
    await workbench.screenshot('proxy-menu')
    await workbench.page.keyboard.press('Escape')
  })

  it('opens a terminal with the variable that the user names', async () => {
    await bar.choose(row(), 'Open Terminal with the Proxy Set')
    await box('Variable for the URL of the Proxy').waitFor()
    await workbench.type('CHAT_WS_URL')
    await workbench.page.keyboard.press('Enter')
    await workbench.page.locator('.terminal-wrapper, .terminal-outer-container').first().waitFor()
    await workbench.screenshot('proxy-terminal')
  })

  it('can be read in a light theme', async () => {
    await workbench.command('View: Toggle Terminal')
    await workbench.theme('Light Modern', 'vscode-light')
    await workbench.screenshot('proxy-light')
  })

  it('is stopped by the button of its row, and then refuses', async () => {
    await bar.press(row(), 'Stop Recording Proxy')
    await row().waitFor({ state: 'detached' })
    await assert.rejects(fetch(`http://127.0.0.1:${port}`))
  })
})
