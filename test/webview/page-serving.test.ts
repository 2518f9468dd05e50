/** What the page shows beside the session, in a browser: served sessions, unsaved ones, a file that changed. */
import assert from 'node:assert/strict'
import type { ServedSession } from '../../src/shared/protocol/served.ts'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

const FEED: ServedSession = {
  id: 3,
  name: 'feed.rtsession',
  endpoints: [
    { url: 'ws://127.0.0.1:4242/ticker', transport: 'websocket', connection: 1 },
    { url: 'http://127.0.0.1:4242/events', transport: 'sse', connection: 2 },
  ],
  how: '×1, looping',
  clients: 2,
  ever: 7,
  troubles: [],
  troubleCount: 0,
  received: [
    { client: 1, size: 11, text: '{"op":"go"}' },
    { client: 2, size: 3, matched: false },
  ],
  receivedCount: 1402,
  notes: [],
}

const MANY: ServedSession = {
  ...FEED,
  id: 4,
  name: 'a-recording-with-a-name-that-is-much-too-long-for-the-room-there-is.rtsession',
  endpoints: Array.from({ length: 5 }, (_, n) => ({
    url: `http://127.0.0.1:5151/config/${n}?wait=30s`,
    transport: 'long-poll' as const,
    connection: n + 1,
  })),
  how: 'without waiting',
  clients: 1,
  troubles: [
    { text: 'Nothing was recorded at /favicon.ico; recorded are: /config', count: 1 },
    { text: 'Nothing was recorded at /nothing; recorded are: /config', count: 12 },
  ],
  troubleCount: 13,
  notes: ['Connection 6 never opened; it is not served.'],
}

describe('what the page shows beside the session', () => {
  const browser = pageTests()
  let panel: PanelPage

  const section = () => panel.page.getByRole('region', { name: 'Served sessions' })
  const button = (name: string | RegExp) => panel.page.getByRole('button', { name })
  const height = async () => (await panel.page.getByRole('grid').boundingBox())?.height ?? 0

  describe('a served session', () => {
    it('takes no room if there is none', async () => {
      panel = await browser.open({ events: 100 })
      await panel.painted()
      const before = await height()
      assert.equal(await section().count(), 0)
      await panel.tell('serve', [FEED])
      await section().waitFor()
      assert.ok((await height()) < before)
      await panel.tell('serve', [])
      await section().waitFor({ state: 'detached' })
      await becomes(height, before)
    })

    it('shows its URLs and number of clients, as they change', async () => {
      panel = await browser.open({ events: 100 })
      await panel.tell('serve', [FEED])
      await section().getByText('2 clients').waitFor()
      for (const { url } of FEED.endpoints) await section().getByText(url).waitFor()
      await section().getByText('×1, looping').waitFor()
      await panel.tell('serve', [{ ...FEED, clients: 1 }])
      await section().getByText('1 client', { exact: true }).waitFor()
    })

    it('copies its URLs, changes its options and stops, with keys too', async () => {
      panel = await browser.open({ events: 100 })
      await panel.tell('serve', [FEED])
      await button('Copy http://127.0.0.1:4242/events').click()
      assert.deepEqual(await panel.called('copy'), [{ text: 'http://127.0.0.1:4242/events' }])
      await section().locator('.codicon-check').waitFor()
      await button('How feed.rtsession is served…').click()
      assert.deepEqual(await panel.called('servingOptions'), [{ id: 3 }])
      await panel.page.keyboard.press('Tab')
      await panel.page.keyboard.press('Enter')
      assert.deepEqual(await panel.called('stopServing'), [{ id: 3 }])
    })

    it('shows requests that do not match, and what is not served', async () => {
      panel = await browser.open({ events: 100 })
      await panel.tell('serve', [FEED, MANY])
      assert.equal(await button(/unmatched/).count(), 1)
      await button('13 unmatched').click()
      const said = section().getByRole('list', { name: /^What did not match a-recording/ })
      await becomes(
        () => said.getByRole('listitem').allTextContents(),
        [
          'Nothing was recorded at /nothing; recorded are: /config ×12',
          'Nothing was recorded at /favicon.ico; recorded are: /config',
          'Connection 6 never opened; it is not served.',
        ],
      )
      await button('13 unmatched').click()
      await said.waitFor({ state: 'detached' })
    })

    it('hides most of many URLs until they are requested', async () => {
      panel = await browser.open({ events: 100 })
      await panel.tell('serve', [MANY])
      const urls = section().getByRole('button', { name: /^Copy/ })
      await urls.nth(2).waitFor()
      await becomes(() => urls.count(), 3)
      await button('2 more').click()
      await urls.nth(4).waitFor()
    })

    it('is shown before the first connection too', async () => {
      panel = await browser.open({})
      await panel.tell('serve', [FEED])
      await section().getByText('ws://127.0.0.1:4242/ticker').waitFor()
    })
  })

  describe('an unsaved session', () => {
    const today = new Date(2026, 10, 23, 11, 4)

    it('is offered on the first page while it is unsaved', async () => {
      panel = await browser.open({})
      await panel.page.clock.setFixedTime(new Date(2026, 10, 23, 12, 0))
      await panel.tell('leave', [
        { id: 1, startedAt: new Date(2026, 10, 22, 23, 59).toISOString(), events: 1 },
        { id: 2, startedAt: today.toISOString(), events: 12_345 },
      ])
      await panel.page.getByRole('heading', { name: '2 unsaved sessions' }).waitFor()
      await panel.page.getByText(/^1 event from 2026-11-22 23:59$/).waitFor()
      await button(/^Open 12.345 events from 11:04$/).click()
      await button(/^Save… 12.345 events/).click()
      await button(/^Discard 1 event from/).click()
      assert.deepEqual(await panel.called('chooseUnsaved', 3), [
        { id: 2, choice: 'open' },
        { id: 2, choice: 'save' },
        { id: 1, choice: 'discard' },
      ])
      await panel.tell('leave', [{ id: 2, startedAt: today.toISOString(), events: 12_345 }])
      await panel.page.getByRole('heading', { name: '1 unsaved session', exact: true }).waitFor()
      await panel.tell('leave', [])
      await panel.page.getByRole('heading', { name: /unsaved/ }).waitFor({ state: 'detached' })
    })

    it('can only be opened as a copy while another process captures it', async () => {
      panel = await browser.open({})
      const startedAt = new Date().toISOString()
      await panel.tell('leave', [{ id: 3, startedAt, events: 7, isRunning: true }])
      await panel.page.getByRole('heading', { name: '1 session captured elsewhere', exact: true }).waitFor()
      assert.equal(await button(/7 events from/).count(), 1)
      await button(/^Open 7 events from/).click()
      assert.deepEqual(await panel.called('chooseUnsaved'), [{ id: 3, choice: 'open' }])
    })
  })

  describe('an engine that stopped', () => {
    it('is reported with its reason, and its connections are offered', async () => {
      panel = await browser.open({})
      await panel.tell('offer', { urls: ['wss://old.example/'] })
      await panel.page.getByRole('heading', { name: 'Previous connections', exact: true }).waitFor()
      await panel.tell('offer', { urls: ['wss://ended.example/'], why: 'The engine stopped: a reason.' })
      await panel.tell('fail', { message: 'The engine stopped: a reason. Another one runs now.' })
      const section = panel.page.getByRole('region', {
        name: 'Connections that were open when the engine stopped',
      })
      await section.getByText('The engine stopped: a reason.').waitFor()
      await becomes(() => section.getByRole('listitem').allTextContents(), ['wss://ended.example/'])
      await panel.page
        .getByRole('alert')
        .filter({ hasText: 'The engine stopped: a reason. Another one runs now.' })
        .waitFor()
      await section.getByRole('button', { name: 'Connect again' }).click()
      assert.deepEqual(await panel.called('reopen'), [{ dismiss: false }])
    })
  })

  describe("a recording's file", () => {
    it('is read again only on request', async () => {
      panel = await browser.open({ events: 100 })
      await panel.tell('changeFile', 'changed')
      await panel.page
        .getByText(/has changed since it was read\. The page shows its old content\.$/)
        .waitFor()
      await panel.painted()
      const methods = (await panel.tell('calls')).map(({ method }) => method)
      assert.equal(methods.includes('reload'), false)
      await button('Reload').click()
      assert.deepEqual(await panel.called('reload'), [null])
      await panel.tell('changeFile', 'none')
      await button('Reload').waitFor({ state: 'detached' })
    })

    it('is reported if it is gone', async () => {
      panel = await browser.open({ events: 100 })
      await panel.tell('changeFile', 'gone')
      await panel.page.getByText(/does not exist any more/).waitFor()
      assert.equal(await button('Reload').count(), 0)
    })
  })

  it('shows what clients sent, newest first', async () => {
    panel = await browser.open({ events: 10 })
    await panel.tell('serve', [FEED])
    await panel.page.getByRole('button', { name: '1,402 received' }).click()
    const sent = panel.page.getByRole('list', { name: 'What clients sent to feed.rtsession' })
    const lines = async () =>
      (await sent.getByRole('listitem').allTextContents()).map((line) => line.replaceAll('\u00a0', ' '))
    await becomes(lines, ['client 2 · 3 B · not recorded binary', 'client 1 · 11 B {"op":"go"}'])
  })

  for (const width of [1280, 500])
    it(`has no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      panel = await browser.open({ width, events: 300 })
      await panel.tell('serve', [FEED, MANY])
      await button('13 unmatched').click()
      await panel.tell('changeFile', 'changed')
      await button('Reload').waitFor()
      await inEachTheme(panel.page, `serving-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
      await panel.tell('clear')
      await panel.tell('leave', [
        { id: 1, startedAt: '2026-11-22T23:59:00.000Z', events: 1 },
        { id: 2, startedAt: '2026-11-23T11:04:00.000Z', events: 12_345 },
      ])
      await button(/^Discard/)
        .first()
        .waitFor()
      await inEachTheme(panel.page, `unsaved-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
