/** The menus of connections and of the timeline in a browser. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the menu of a connection in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const chip = (at: number) =>
    panel.page.getByRole('list', { name: 'Connections', exact: true }).locator('.connection-face').nth(at)
  const choose = (name: string) => panel.page.getByRole('menuitem', { name }).click()

  it('decodes a connection by types of messages that the user chooses', async () => {
    panel = await browser.open({ events: 100 })
    await chip(0).click({ button: 'right' })
    await choose('Decode As…')
    await choose('Protobuf with Message Types…')
    assert.deepEqual(await panel.called('chooseMessageTypes'), [{ connection: 1 }])
  })

  it('renames and colors a connection, copies it, shows only it, and disconnects it', async () => {
    panel = await browser.open({ events: 100 })
    await chip(0).click({ button: 'right' })
    assert.deepEqual(await seriousIssues(panel.page), [])
    await choose('Rename…')
    await panel.page.getByRole('textbox', { name: 'Name of the connection' }).fill('prices')
    await panel.page.keyboard.press('Enter')
    await chip(0).getByText('prices').waitFor()
    await chip(0).click({ button: 'right' })
    await panel.page.getByRole('menuitemcheckbox', { name: 'Pink' }).click()
    await panel.page.locator('.connection.connection-4').first().waitFor()
    await panel.page.keyboard.press('Escape')
    await chip(0).press('ContextMenu')
    await choose('Copy as websocat')
    assert.deepEqual(await panel.called('copyAs'), [{ index: 0, form: 'websocat' }])
    await chip(0).click({ button: 'right' })
    await choose('Show Only This Connection')
    await becomes(() => chip(0).getAttribute('aria-pressed'), 'true')
    await chip(0).click({ button: 'right' })
    assert.deepEqual(await panel.called('labelConnection', 2), [
      { id: 1, name: 'prices' },
      { id: 1, color: 4 },
    ])
    await choose('Duplicate')
    assert.deepEqual(await panel.called('connectAs'), [{ id: 1, transport: null, insecure: false }])
    await chip(0).click({ button: 'right' })
    await choose('Disconnect')
    assert.deepEqual(await panel.called('disconnect'), [{ id: 1 }])
  })

  it('opens on a lane too, and on the axis one that marks and fits', async () => {
    panel = await browser.open({ events: 100 })
    const canvas = panel.page.locator('.timeline canvas')
    await canvas.click({ button: 'right', position: { x: 40, y: 70 } })
    await panel.page.getByRole('menuitem', { name: 'Copy URL' }).waitFor()
    await panel.page.keyboard.press('Escape')
    await canvas.click({ button: 'right', position: { x: 400, y: 42 } })
    await choose('Mark This Moment')
    assert.equal((await panel.called('mark')).length, 1)
  })

  it('shows the whole session from the menu of the axis, and follows now again', async () => {
    panel = await browser.open({ events: 20_000 })
    const canvas = panel.page.locator('.timeline canvas')
    const beginning = panel.page.locator('.timeline canvas[aria-label^="Timeline from 00:00 "]')
    assert.equal(await beginning.count(), 0)
    await canvas.click({ button: 'right', position: { x: 400, y: 42 } })
    await choose('Show the Whole Session')
    await beginning.waitFor()
    await canvas.click({ button: 'right', position: { x: 400, y: 42 } })
    await choose('Follow Now')
    await panel.page
      .getByRole('button', { name: 'Live' })
      .and(panel.page.locator('[aria-pressed=true]'))
      .waitFor()
  })

  it('edits a connection in the form', async () => {
    panel = await browser.open({ events: 100 })
    await chip(1).click({ button: 'right' })
    await choose('Edit…')
    assert.deepEqual(await panel.called('openForm'), [{ source: { connection: 2 } }])
    await panel.page.getByRole('form').first().waitFor()
  })

  it('has the names that the rest of the window gives, and shows the connection that it asks for', async () => {
    panel = await browser.open({ events: 100 })
    await panel.tell('label', [{ connection: 2, suggested: 'join', color: 5 }])
    await panel.page.locator('.connection.connection-5').getByText('join', { exact: true }).waitFor()
    await panel.page.getByRole('tab', { name: 'Report' }).click()
    await panel.tell('showOnly', 2)
    await becomes(() => chip(1).getAttribute('aria-pressed'), 'true')
    await panel.page.getByRole('grid').waitFor()
    await panel.tell('showOnly', null)
    await becomes(() => chip(1).getAttribute('aria-pressed'), 'false')
  })

  it('selects the event of a connection that is chosen elsewhere', async () => {
    panel = await browser.open({ events: 300 })
    await panel.tell('showOnly', 2)
    await becomes(() => chip(1).getAttribute('aria-pressed'), 'true')
    const rows = panel.page.locator('[role=row][data-event]')
    // The last event of all is of another connection: the list shows only the chosen one once that has left it.
    await rows.and(panel.page.locator('[data-event="299"]')).waitFor({ state: 'detached' })
    const event = Number(await rows.last().getAttribute('data-event'))
    const time = event * 4.2 + (event % 3) * 4.2 * 0.3
    await panel.tell('showOnly', null)
    await panel.tell('chooseElsewhere', { connection: 2, how: 'only', event: { time } })
    await panel.page.locator(`[data-event="${event}"][aria-selected=true]`).waitFor()
    assert.equal(await chip(1).getAttribute('aria-pressed'), 'true')
  })

  it('brings the connection that is chosen elsewhere into view, and edits it', async () => {
    panel = await browser.open({ events: 100, moves: true })
    // On a busy machine, an animation may be over before somebody asks for it: each frame is looked at.
    const flash = panel.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const look = () => {
            const durations = document.getAnimations().map(({ effect }) => effect?.getTiming().duration)
            if (durations.includes(1000)) resolve()
            else requestAnimationFrame(look)
          }
          look()
        }),
    )
    await panel.tell('chooseElsewhere', { connection: 2, how: 'reveal' })
    await flash
    assert.equal(await chip(1).getAttribute('aria-pressed'), 'false', 'all connections are still shown')
    await panel.tell('showOnly', 1)
    await panel.tell('chooseElsewhere', { connection: 2, how: 'reveal' })
    await becomes(() => chip(1).getAttribute('aria-pressed'), 'true')
    await panel.tell('chooseElsewhere', { connection: 2, how: 'edit' })
    await panel.page.getByRole('form').first().waitFor()
    assert.deepEqual(await panel.called('openForm'), [{ source: { connection: 2 } }])
  })
})
