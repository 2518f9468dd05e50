/**
 * An app on a real dev server in a workbench: recorded by a proxy and through the browser's debugger at once, and followed to its
 * code, by clicks.
 */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../../scripts/paths.ts'
import { CONNECTIONS, DevApp, POLL, SOCKET_LINE } from '../support/dev-app.ts'
import { eventually } from '../support/eventually.ts'
import { SideBar } from './side-bar.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

/** A line of a session file. */
interface Line {
  readonly type: string
  readonly connection?: number
  readonly source?: string
  readonly url?: string
  readonly direction?: string
  readonly text?: string
  readonly attempt?: number
}

/** Milliseconds. Polls are found by repetition, which takes longer on a machine that is too busy for a steady interval. */
const PATIENCE = 120_000

describe('an app on a dev server, in a workbench', function () {
  this.timeout(300_000)
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  let bar: SideBar
  let app: DevApp

  before(async () => {
    opened = await openInspector()
    workbench = opened.workbench
    bar = new SideBar(workbench.page)
    app = await DevApp.start(opened.folder, join(ROOT, 'node_modules'))
  })
  after(async () => {
    await app?.stop()
    await opened?.close()
  })

  const quickInput = () => workbench.page.locator('.quick-input-widget')
  const proxy = () => bar.row('Servers', /Proxy :\d+/)
  const filter = (text: string) => workbench.panel.getByRole('combobox', { name: 'Filter' }).fill(text)
  const program = () => bar.row('Servers', /Chrome\/\d+/)

  /** The row of a connection below that of what it was seen through. */
  async function below(parent: ReturnType<typeof proxy>, text: string) {
    const at = async (row: ReturnType<typeof proxy>) => Number(await row.getAttribute('data-index'))
    const start = await at(parent)
    const rows = await bar.row('Servers', text).all()
    const found = await Promise.all(rows.map(async (row) => ({ row, index: await at(row) })))
    const [first] = found.filter(({ index }) => index > start).sort((a, b) => a.index - b.index)
    return first?.row ?? assert.fail(`no row ${text}`)
  }

  /** The lines of the session as it is saved by the palette. */
  async function saved(): Promise<readonly Line[]> {
    const before = new Set(await readdir(opened.folder))
    await workbench.command('Realtime: Save Session')
    await quickInput().getByRole('button', { name: 'OK' }).click()
    let name: string | undefined
    await eventually(async () => {
      name = (await readdir(opened.folder)).find((each) => each.endsWith('.rtsession') && !before.has(each))
      assert.ok(name)
    })
    const text = await readFile(join(opened.folder, name ?? ''), 'utf8')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  function messagesOf(lines: readonly Line[], source: string, path: string) {
    const connect = lines.find(
      (line) =>
        line.type === 'connect' && line.source === source && new URL(line.url ?? '').pathname === path,
    )
    return lines
      .filter(({ type, connection }) => type === 'message' && connection === connect?.connection)
      .map(({ direction, text }) => [direction, text])
  }

  it('is opened through a recording proxy, and its browser is attached to', async () => {
    await bar.open()
    for (const view of ['Requests', 'Recordings'] as const)
      await bar.view(view).locator('.pane-header').click()
    await workbench.command('Realtime: Start Recording Proxy')
    await workbench.page.locator('.quick-input-title').getByText('Start Recording Proxy').waitFor()
    await workbench.type(app.url)
    await workbench.pick(app.url)
    await proxy().getByText('waiting for traffic').waitFor()
    const [, port] = /Proxy :(\d+)/.exec(await proxy().innerText()) ?? []
    const endpoint = await app.open(`http://127.0.0.1:${port}`)
    await workbench.command('Realtime: Inspect a Running Program')
    const title = workbench.page.locator('.quick-input-title').getByText('Inspect a Running Program')
    await title.waitFor()
    // Another program may listen at a usual port.
    if ((await workbench.page.locator('.quick-input-list').getByText('Another Endpoint').count()) > 0)
      await workbench.pick('Another Endpoint')
    await workbench.type(endpoint)
    await workbench.page.keyboard.press('Enter')
    await program().waitFor()
    app.go()
  })

  it('shows the four kinds of connections below both, and what they say in the panel', async () => {
    for (const path of ['socket', 'events', 'stream', 'status'])
      await bar.row('Servers', path).nth(1).waitFor({ timeout: PATIENCE })
    await filter('app')
    await workbench.rows('from the app').nth(3).waitFor({ timeout: PATIENCE })
    await workbench.screenshot('attached-program')
    await filter('')
  })

  it('has the same payloads in the same order by both ways, in the session that is saved', async () => {
    const lines = await saved()
    for (const { path, messages } of CONNECTIONS)
      for (const source of ['proxy', 'debugger'])
        assert.deepEqual(messagesOf(lines, source, path), messages, `${source} ${path}`)
    // They are found by repetition, and so one of the two may have found them earlier.
    const [one = [], other = []] = ['proxy', 'debugger'].map((source) => messagesOf(lines, source, POLL))
    const common = one.filter(([, text]) => other.some((each) => each[1] === text))
    assert.ok(common.length > 0)
    const from = other.findIndex(([, text]) => text === common[0]?.[1])
    assert.deepEqual(other.slice(from, from + common.length), common)
  })

  it('opens the line that opened the WebSocket', async () => {
    await bar.choose(await below(program(), 'socket'), 'Go to Code')
    await workbench.page
      .locator('.tabs-container')
      .getByRole('tab', { name: /app\.ts/ })
      .waitFor({ timeout: PATIENCE })
    const position = workbench.page.locator('.statusbar [id="status.editor.selection"]')
    await position.getByText(new RegExp(`^Ln ${SOCKET_LINE.line},`)).waitFor()
    await workbench.screenshot('go-to-code')
  })
})
