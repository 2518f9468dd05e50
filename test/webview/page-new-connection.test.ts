/** A connection that opens while the page shows something else: a real server, the real engine, a real browser. */
import { becomes } from '../support/eventually.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { LivePanel } from './live/live-panel.ts'

describe('a new connection in a browser', () => {
  let live: LivePanel

  afterEach(async () => {
    await live.close()
    closeServers()
  })

  it('makes the view live again, and ends the filters for another connection', async () => {
    live = await LivePanel.open({})
    const url = await serveWebSocket((peer) => peer.send('hello'))
    await live.connect({ url: `${url}first` })
    const { page } = live
    await page.getByRole('row').filter({ hasText: 'hello' }).waitFor()
    await page.getByRole('list', { name: 'Connections' }).locator('[aria-pressed]').click()
    await page.getByRole('combobox', { name: 'Filter' }).fill('conn:1 hello')
    await page.getByRole('button', { name: 'Pause' }).click()
    const pressed = () =>
      page.getByRole('list', { name: 'Connections' }).locator('[aria-pressed=true]').count()
    await becomes(pressed, 1)
    await live.connect({ url: `${url}second` })
    await page.getByRole('row').filter({ hasText: 'hello' }).nth(1).waitFor()
    await becomes(pressed, 0)
    await becomes(() => page.getByRole('combobox', { name: 'Filter' }).inputValue(), 'hello')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
  })
})
