/** The page before the first connection, in a browser. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { ARTEFACTS } from '../../scripts/paths.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { pageTests } from './preview/page-tests.ts'
import { THEMES, type ThemeName } from './preview/themes.ts'

describe('the page before the first connection', function () {
  const browser = pageTests(this)
  let panel: PanelPage

  const url = () => panel.page.getByRole('combobox', { name: 'URL' })
  const alert = () => panel.page.locator('.url-form [role=alert]')

  it('connects to a URL by Enter', async () => {
    panel = await browser.open({})
    await url().fill('  wss://feed.example/x ')
    await panel.page.keyboard.press('Enter')
    assert.deepEqual(await panel.called('connect'), [{ spec: { url: 'wss://feed.example/x' } }])
  })

  it('shows mistakes in a URL as it is typed, and does not connect to it', async () => {
    panel = await browser.open({})
    await url().pressSequentially('example.com/x')
    await alert().filter({ hasText: 'has no scheme; begin it with ws://' }).waitFor()
    await panel.page.keyboard.press('Enter')
    await panel.page.getByRole('button', { name: 'Connect', exact: true }).click()
    assert.deepEqual(await panel.tell('calls'), [])
    await url().fill('https://example.com/x')
    await panel.page.waitForFunction(
      () =>
        (globalThis as unknown as Globals).document.querySelector('.url-form [role=alert]')?.textContent ===
        '',
    )
    await panel.page.getByRole('button', { name: 'Connect', exact: true }).click()
    assert.deepEqual(await panel.called('connect'), [{ spec: { url: 'https://example.com/x' } }])
  })

  it('offers the URLs connected to before', async () => {
    panel = await browser.open({})
    const offered = panel.page.locator('datalist option')
    await offered.first().waitFor({ state: 'attached' })
    assert.deepEqual(
      await offered.evaluateAll((options) => options.map((option) => (option as unknown as Option).value)),
      ['wss://feed.example/ticker', 'https://api.example/events'],
    )
  })

  it('starts the demo with all transports, or with one of three', async () => {
    panel = await browser.open({})
    await panel.page.getByRole('button', { name: 'Start the demo' }).click()
    for (const name of ['WebSocket', 'Server-Sent Events', 'Long polling'])
      await panel.page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
    assert.deepEqual(await panel.called('startDemo'), [
      { transport: null },
      { transport: 'websocket' },
      { transport: 'sse' },
      { transport: 'long-poll' },
    ])
  })

  it('opens the options of a connection', async () => {
    panel = await browser.open({})
    await panel.page.getByRole('button', { name: 'more options…' }).click()
    assert.deepEqual(await panel.called('connect'), [{ spec: null }])
  })

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`has no serious accessibility issue in ${theme}`, async () => {
      panel = await browser.open({ theme, width: 500 })
      await url().fill('example.com')
      await alert().filter({ hasText: 'no scheme' }).waitFor()
      assert.deepEqual(await seriousIssues(panel.page), [])
      await panel.page.screenshot({ path: join(ARTEFACTS, `empty-${theme}.png`) })
    })
})

/** The globals of the page that scripts in it use. */
interface Option {
  readonly value: string
}
interface Globals {
  readonly document: { querySelector(selector: string): { readonly textContent: string } | null }
}
