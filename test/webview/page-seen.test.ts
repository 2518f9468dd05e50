/** Connections of other programs, in a browser: what cannot be done with them is not offered. */
import assert from 'node:assert/strict'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'
import { type Story, tell } from './preview/story.ts'

/** The story, in which the first connections are like this. */
function withFirst(...changes: readonly Partial<ConnectionStatus>[]): Story {
  const story = tell()
  return { ...story, connections: story.connections.map((each, at) => ({ ...each, ...changes[at] })) }
}

describe('the page with connections of other programs', () => {
  const browser = pageTests()
  let panel: PanelPage

  const chip = (at: number) => panel.page.locator('.chip.connection').nth(at)
  const menuOf = async (at: number) => {
    await chip(at).locator('.connection-face').click({ button: 'right' })
    const items = await panel.page.getByRole('menuitem').allInnerTexts()
    await panel.page.keyboard.press('Escape')
    return items
  }

  it('cuts those that go through the proxy, and leaves those that are debugged alone', async () => {
    panel = await browser.open({
      width: 1280,
      story: withFirst(
        { source: 'proxy', through: 1, state: 'open' },
        { source: 'debugger', through: 2, state: 'open' },
      ),
    })
    await chip(0).getByRole('button', { name: /^Cut / }).click()
    assert.deepEqual(await panel.called('disconnect'), [{ id: 1 }])
    assert.equal(
      await chip(0)
        .getByRole('button', { name: /^(Disconnect|Reconnect)/ })
        .count(),
      0,
    )
    assert.equal(
      await chip(1)
        .getByRole('button', { name: /^(Cut|Disconnect|Reconnect)/ })
        .count(),
      0,
    )
    const face = chip(0).locator('.connection-face')
    assert.match((await face.getAttribute('title')) ?? '', /proxy/)
    const proxied = await menuOf(0)
    for (const item of ['Edit…', 'Duplicate', 'Reconnect']) assert.ok(!proxied.includes(item), item)
    assert.ok(proxied.includes('Cut Now') && !proxied.includes('Disconnect'), proxied.join())
    const debugged = await menuOf(1)
    assert.ok(!debugged.includes('Cut Now') && !debugged.includes('Disconnect'), debugged.join())
  })

  it('offers neither to retry nor to edit what only the program can open again', async () => {
    const error = '127.0.0.1:9 refused the connection; check that the server runs.'
    panel = await browser.open({
      width: 1280,
      story: withFirst({ source: 'proxy', through: 1, state: 'failed', error, errorCode: 'ECONNREFUSED' }),
    })
    await panel.page.locator('.failure').getByText('refused the connection').waitFor()
    assert.equal(
      await panel.page
        .locator('.failure')
        .getByRole('button', { name: /^(Retry|Edit)/ })
        .count(),
      0,
    )
    assert.equal(
      await chip(0)
        .getByRole('button', { name: /^(Retry|Reconnect|Edit)/ })
        .count(),
      0,
    )
    const items = await menuOf(0)
    assert.ok(items.includes('Remove') && !items.includes('Reconnect'), items.join())
  })

  it('starts a recording proxy from the bar of connections', async () => {
    panel = await browser.open({ events: 10 })
    await panel.page.getByRole('button', { name: 'Start Recording Proxy…' }).click()
    assert.deepEqual(await panel.called('startProxy'), [null])
  })
})
