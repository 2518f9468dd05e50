/** The built page in a real browser, with a fake host. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { becomes } from '../support/eventually.ts'
import { openPage } from '../support/shared-browser.ts'
import { seriousIssues } from './preview/axe.ts'
import { chooseRow } from './preview/choose-row.ts'
import { inEachTheme } from './preview/each-theme.ts'
import type { FakeHost } from './preview/host.ts'
import { type Preview, servePreview } from './preview/server.ts'

const WIDE = { width: 1280, height: 800 }

let preview: Preview
let page: Page
let errors: string[]

async function open(events: number, viewport = WIDE): Promise<void> {
  page = await openPage(viewport)
  errors = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await page.goto(preview.url('dark', events))
  if (events === 0) return
  await hasRows(events)
  // Until the newest row is painted, rows change while they are clicked.
  await row(events - 1).waitFor()
}

/** Waits until the grid has a number of rows, not counting the header. */
async function hasRows(count: number): Promise<void> {
  await page.locator(`[role=grid][aria-rowcount="${count + 1}"]`).waitFor()
}

const grid = () => page.getByRole('grid', { name: 'Events' })
const live = () => page.getByRole('button', { name: /Live/ })
const rows = () => page.locator('[role=row][data-event]')
const row = (index: number) => page.locator(`[data-event="${index}"]`)
const selected = () => page.locator('[role=row][aria-selected=true]')

/** Calls a method of the fake host. */
function tell<K extends keyof FakeHost>(
  handle: K,
  ...args: Parameters<FakeHost[K]>
): Promise<ReturnType<FakeHost[K]>> {
  return page.evaluate(
    ([name, values]) => {
      const { fake } = globalThis as unknown as { fake: Record<string, (...given: unknown[]) => never> }
      return fake[name]?.(...values) as never
    },
    [handle, args] as const,
  )
}

async function callsTo(method: string): Promise<unknown[]> {
  const calls = await tell('calls')
  return calls.filter((call) => call.method === method).map(({ params }) => params)
}

/** Waits until changes are painted. */
function settledFrame(): Promise<unknown> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const { requestAnimationFrame } = globalThis as unknown as {
          requestAnimationFrame(run: () => void): void
        }
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)))
      }),
  )
}

/** Waits until the page has called a method of the host. */
async function called(method: string): Promise<unknown[]> {
  for (;;) {
    const calls = await callsTo(method)
    if (calls.length > 0) return calls
    await settledFrame()
  }
}

describe('the panel in a browser', () => {
  before(async () => {
    preview = await servePreview()
  })

  after(() => preview.server.close())

  afterEach(async () => {
    await page.close()
    assert.deepEqual(errors, [])
  })

  it('shows what to do before the first connection', async () => {
    await open(0)
    await page.getByRole('heading', { name: 'Connect to something that pushes' }).waitFor()
    await page.getByRole('button', { name: 'More options…' }).click()
    assert.deepEqual(await called('openForm'), [{ source: { url: '' } }])
  })

  it('has only the rows in view in the document, of a million rows', async () => {
    await open(1_000_000)
    await row(999_999).waitFor()
    const count = await rows().count()
    assert.ok(count > 20 && count < 60, `${count} rows`)
    const last = rows().last()
    assert.equal(await last.getAttribute('aria-rowindex'), '1000001')
    assert.equal(await last.getAttribute('data-event'), '999999')
    assert.equal(await grid().getAttribute('aria-colcount'), '11')
    assert.equal(await page.getByRole('columnheader').count(), 8)
    assert.equal(await last.getByRole('gridcell').count(), 8)
  })

  it('shows a reconnect in its row, with its connection and its reason', async () => {
    await open(200)
    const reconnect = rows().filter({ hasText: 'reconnect 1' }).last()
    await becomes(() => reconnect.locator('.column-connection').textContent(), 'sse events')
    assert.match((await reconnect.locator('.column-preview').textContent()) ?? '', /^connection reset/)
  })

  it('stops following if the user scrolls up, counts new rows, and follows again with one click', async () => {
    await open(1000)
    await becomes(() => live().getAttribute('aria-pressed'), 'true')
    await grid().hover()
    await page.mouse.wheel(0, -600)
    await page.locator('.live[aria-pressed=false]').waitFor()
    await settledFrame()
    const before = await rows().first().getAttribute('data-event')
    await tell('add', 345)
    await page.locator('.live').filter({ hasText: '345 new' }).waitFor()
    assert.equal(await rows().first().getAttribute('data-event'), before)
    await live().click()
    await row(1344).waitFor()
    await becomes(() => live().getAttribute('aria-pressed'), 'true')
  })

  it('follows again on the End key', async () => {
    await open(1000)
    await grid().focus()
    await page.keyboard.press('Home')
    await row(0).and(selected()).waitFor()
    await becomes(() => live().getAttribute('aria-pressed'), 'false')
    await page.keyboard.press('End')
    await row(999).and(selected()).waitFor()
    await becomes(() => live().getAttribute('aria-pressed'), 'true')
  })

  it('continues with keys from the newest row after End, and from the first row after Home, with or without Ctrl', async () => {
    await open(1000)
    await grid().focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowUp')
    await row(998).and(selected()).waitFor()
    await becomes(() => live().getAttribute('aria-pressed'), 'false')
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('ArrowDown')
    await row(1).and(selected()).waitFor()
    await page.keyboard.press('Control+End')
    await row(999).and(selected()).waitFor()
    await becomes(() => selected().count(), 1)
  })

  it('can be used with keys: arrows select, Enter moves to the details, Escape comes back', async () => {
    await open(1000)
    await grid().focus()
    await page.keyboard.press('Home')
    for (const _ of [1, 2, 3]) await page.keyboard.press('ArrowDown')
    await row(3).and(selected()).waitFor()
    await becomes(() => grid().getAttribute('aria-activedescendant'), 'event-3')
    await page.keyboard.press('Enter')
    await page.locator('[role=tabpanel]:focus').waitFor()
    await page.locator('.tree-row').first().waitFor()
    await page.keyboard.press('Escape')
    await page.locator('[role=grid]:focus').waitFor()
    await page.keyboard.press('Control+c')
    const [copied] = (await called('copy')) as { text: string }[]
    assert.match(copied?.text ?? '', /^4\t00:00\.\d+\t[\d.]+\tws feed\.example\/ticker\treceived\tquote\t/)
  })

  it('shows payloads as text, never as markup', async () => {
    await open(200)
    await chooseRow(rows().filter({ hasText: 'trade' }).last())
    await page.locator('.tree-row').first().waitFor()
    await becomes(() => page.locator('.tree-row .json-key').first().textContent(), '"type"')
    await page.getByRole('tab', { name: 'Headers' }).click()
    await page.getByText('permessage-deflate').waitFor()
    await page.getByRole('tab', { name: 'Hex' }).click()
    await page.getByText('7b 22 74 79 70 65 22 3a').waitFor()
    await page.getByRole('tab', { name: 'Timing' }).click()
    await page.getByText('Since open').waitFor()
  })

  it('narrows the list to a connection and to groups, and counts the shown events', async () => {
    await open(1202)
    await page.getByRole('button', { name: /^sse/ }).first().click()
    await page.getByText(/^200 of 1.202 events$/).waitFor()
    await page.getByRole('button', { name: 'Lifecycle' }).click()
    await page.getByText(/^100 of 1.202 events$/).waitFor()
    await page.getByRole('button', { name: 'Show all connections' }).click()
    await page.getByRole('button', { name: 'Lifecycle' }).click()
    await page.getByText(/^1.202 events$/).waitFor()
  })

  it('sends the composed message, and shows the mistake in one that cannot be sent', async () => {
    await open(200)
    const input = page.getByRole('textbox', { name: 'Message' })
    await page.getByLabel('Format').selectOption('json')
    await input.fill('{"a":')
    await page.keyboard.press('Control+Enter')
    await page.getByText(/The message is not valid JSON/).waitFor()
    assert.deepEqual(await callsTo('send'), [])
    await input.fill('{"a":1}')
    await page.keyboard.press('Control+Enter')
    assert.deepEqual(await called('send'), [{ id: 1, message: { format: 'json', text: '{"a":1}' } }])
    await page.locator('textarea:placeholder-shown').waitFor()
    await page.keyboard.press('ArrowUp')
    await becomes(() => input.inputValue(), '{"a":1}')
  })

  it('drops everything on a reset, and starts from the first event', async () => {
    await open(500)
    await chooseRow(rows().last())
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('heading', { name: 'Connect to something that pushes' }).waitFor()
    await tell('add', 5)
    await hasRows(5)
    await becomes(() => selected().count(), 0)
  })

  it('shows what was dropped and what is paused', async () => {
    await open(500)
    await tell('drop', 100, 300)
    await tell('stall')
    await page.getByText(/The 100 oldest events were dropped/).waitFor()
    await page.getByText(/The payloads of the first 300 events/).waitFor()
    await page.getByText(/Reading from feed\.example.* is paused/).waitFor()
    await hasRows(400)
  })

  it('shows the names of all views if there is room for them', async () => {
    await open(500, { width: 520, height: 800 })
    const tabs = page.getByRole('tablist', { name: 'Views' })
    await becomes(() => tabs.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth), true)
  })

  it('keeps every row while 20,000 a second arrive', async () => {
    await open(10)
    await tell('start', 20_000)
    while ((await tell('total')) < 40_000);
    await tell('stop')
    const total = await tell('total')
    await hasRows(total)
    await row(total - 1).waitFor()
  })

  for (const viewport of [WIDE, { width: 600, height: 800 }])
    it(`has no serious accessibility issue in any theme, ${viewport.width} pixels wide`, async () => {
      await open(48_233, viewport)
      await chooseRow(rows().filter({ hasText: 'trade' }).last())
      await page.locator('.tree-row').first().waitFor()
      await inEachTheme(page, `panel-${viewport.width}`, async (theme) => {
        assert.deepEqual((await seriousIssues(page, theme)).slice(0, 4), [])
      })
    })
})
