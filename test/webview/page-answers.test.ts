/** The view of answers in a browser, with real streams of language models and the real engine. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { STALL } from '../../src/shared/model-answer.ts'
import { becomes, eventually } from '../support/eventually.ts'
import { type LivePanel, panelOpener } from './live/live-panel.ts'
import { serveAnthropic, serveLongOpenAi, serveOpenAi } from './live/model-servers.ts'
import { seriousIssues } from './preview/axe.ts'
import { inEachTheme } from './preview/each-theme.ts'

describe('the answers of language models in a browser', () => {
  const openPanel = panelOpener()
  let panel: LivePanel
  let page: Page

  const tab = () => page.getByRole('tab', { name: /^Answers/ })
  const answer = (name: string) => page.getByRole('article', { name, exact: true })
  const grid = () => page.getByRole('grid', { name: 'Events of this answer' })
  const selectedRow = () => grid().getByRole('row', { selected: true })
  const mark = () => page.locator('mark')

  async function open(width = 1280) {
    panel = await openPanel({ width })
    page = panel.page
  }

  /** Opens the view with the whole answer of the OpenAI-like server. */
  async function openWhole(width?: number, stall = 0) {
    await open(width)
    const server = await serveOpenAi(stall)
    server.release()
    await panel.connect(server.spec)
    await tab().click()
    await answer('Answer 1').getByText('Stopped:').waitFor()
  }

  /** Checks that the first element that matches is not wider than its room. */
  async function fits(selector: string) {
    const { scroll, room } = await page
      .locator(selector)
      .first()
      .evaluate((element) => ({
        scroll: (element as unknown as { scrollWidth: number }).scrollWidth,
        room: (element as unknown as { clientWidth: number }).clientWidth,
      }))
    assert.ok(scroll <= room, `${selector}: ${scroll} of ${room}`)
  }

  it('are a tab with their number once there are some, and grow as they arrive', async () => {
    await open()
    const openAi = await serveOpenAi(0)
    const anthropic = await serveAnthropic()
    await panel.connect(openAi.spec)
    await tab().click()
    await becomes(() => tab().textContent(), 'Answers 1')
    await answer('Answer 1').getByText('ACME **rose** <b>by</b> 0.80 %,', { exact: true }).waitFor()
    assert.equal(await answer('Answer 1').getByText('Stopped:').count(), 0)
    openAi.release()
    await answer('Answer 1')
      .getByText(/0\.80 %,.* fourteen trades\.$/)
      .waitFor()
    await answer('Answer 1').getByText('Stopped:').waitFor()

    await panel.connect(anthropic.spec)
    await page.getByRole('button', { name: 'Answer 2', exact: true }).first().click()
    await answer('Answer 2').getByText('The step stands', { exact: true }).waitFor()
    anthropic.release()
    // If the machine is busy, the end comes late, and the text names the stall.
    await answer('Answer 2')
      .getByText(/^The step stands(\d\.\d s)? alone\.$/)
      .waitFor()
    await answer('Answer 2').getByText('end_turn').first().waitFor()
    await becomes(() => tab().textContent(), 'Answers 2')
  })

  it('show reasoning apart, tool calls as JSON, and their figures', async () => {
    await openWhole()
    const fold = page.getByRole('button', { name: /^Reasoning 3 pieces/ })
    assert.equal(await fold.getAttribute('aria-expanded'), 'false')
    await fold.click()
    await answer('Answer 1').getByText('The user asks why.', { exact: true }).waitFor()
    const call = page.getByRole('region', { name: 'Tool call get_prices' })
    await call.getByRole('treeitem', { name: /^"symbol": "ACME"$/ }).waitFor()
    await call.getByRole('treeitem', { name: /^"days": 12$/ }).waitFor()
    const figures = (await page.getByRole('complementary').textContent()) ?? ''
    assert.match(figures, /demo-large.*tool_calls/)
    assert.match(figures, /In1,184of these cached1,024Out276of these reasoning96Total1,460/)
    assert.match(figures, /reasoning3text5tool call4/)
    assert.match(figures, /First token[\d.]+ m?s.*Rate[\d.,]+ tokens\/s/)
  })

  it('mark a stall in the curve, the text and the list, each of which leads to its event', async () => {
    await openWhole(1280, STALL + 200)
    const stall = page.getByRole('button', { name: /^stall 1\.\d s between #\d+ and #\d+$/ })
    await stall.click()
    await selectedRow().getByText('␣fourteen').waitFor()
    await becomes(() => selectedRow().locator('.stall-hatch').count(), 1)
    await becomes(() => mark().textContent(), 'fourteen')
    await grid().press('Home')
    await mark().getByText('The user', { exact: true }).waitFor()
    await page.locator('.stall-mark').click()
    await mark().getByText('fourteen', { exact: true }).waitFor()
    await page.getByText(/longest stall 1\.\d s/).waitFor()
  })

  it('lead from a word to its event and back', async () => {
    await openWhole()
    const box = await page.locator('.text-block').first().boundingBox()
    assert.ok(box)
    await page.mouse.click(box.x + 4, box.y + 10)
    await mark().getByText('ACME **rose**', { exact: true }).waitFor()
    await becomes(() => selectedRow().getAttribute('aria-rowindex'), '5')
    await grid().press('ArrowDown')
    await mark().getByText('<b>by</b>', { exact: true }).waitFor()
    await page.getByRole('group', { name: /^Text of the answer/ }).press('ArrowRight')
    await mark().getByText('0.80 %,', { exact: true }).waitFor()

    await grid().press('Enter')
    const events = page.getByRole('grid', { name: 'Events', exact: true })
    await events.getByRole('row', { selected: true }).waitFor()
    await events.press('ArrowUp')
    await tab().click()
    await mark().getByText('<b>by</b>', { exact: true }).waitFor()
  })

  it('say which event brought a piece of the arguments', async () => {
    await openWhole()
    await grid().press('End')
    await page.getByRole('region', { name: 'Tool call get_prices' }).getByText('12}').waitFor()
  })

  it('are copied as text with the tool calls, without reasoning', async () => {
    await openWhole()
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.locator('.codicon-check').waitFor()
    assert.deepEqual(
      panel.calls.filter(({ method }) => method === 'copy').map(({ params }) => params),
      [
        {
          text: 'ACME **rose** <b>by</b> 0.80 %, fourteen trades.\n\nget_prices({"symbol":"ACME","days":12})',
        },
      ],
    )
  })

  it('stand side by side on the same time axis', async () => {
    await openWhole()
    const other = await serveAnthropic()
    other.release()
    await panel.connect(other.spec)
    await page.getByRole('button', { name: 'Side by side' }).click()
    await answer('Answer 1')
      .getByText(/0\.80 %,.* fourteen trades\.$/)
      .waitFor()
    // If the machine is busy, the end comes late, and the text names the stall.
    await answer('Answer 2')
      .getByText(/^The step stands(\d\.\d s)? alone\.$/)
      .waitFor()
    const axes = await page.locator('.curve-axis').allTextContents()
    assert.equal(axes.length, 2)
    assert.equal(axes[0], axes[1])
  })

  it('of many words take few elements: rows in view, and blocks of text', async () => {
    await open()
    const { spec } = await serveLongOpenAi(8000)
    await panel.connect(spec)
    await tab().click()
    await page.locator('[role=grid][aria-rowcount="8001"]').waitFor()
    assert.ok((await grid().getByRole('row').count()) < 100)
    assert.ok((await page.locator('.text-block, .text-block *').count()) < 100)
    await grid().press('End')
    await mark().waitFor()
    const scrollTop = () =>
      grid().evaluate((element) => (element as unknown as { scrollTop: number }).scrollTop)
    await eventually(async () => assert.ok((await scrollTop()) > 150_000))
    await grid().press('ArrowUp')
    await becomes(() => mark().textContent(), 'word7998')
    assert.ok(await mark().isVisible())
  })

  it('fit into 600 pixels, with the list folded away until it is asked for', async () => {
    await openWhole(600, STALL + 200)
    await becomes(() => grid().count(), 0)
    await page.getByRole('button', { name: 'Events of this answer' }).click()
    await grid().waitFor()
    await fits('.answers')
    const other = await serveAnthropic()
    other.release()
    await panel.connect(other.spec)
    await page.getByRole('button', { name: 'Side by side' }).click()
    await answer('Answer 2').getByText('alone.').waitFor()
    await fits('.answer-columns')
    await fits('.answer-title')
  })

  it('have no serious accessibility issue in any theme', async () => {
    await openWhole(1280, STALL + 200)
    await page.getByRole('button', { name: /^stall/ }).click()
    await mark().waitFor()
    await inEachTheme(page, 'answers-1280', async (theme) => {
      assert.deepEqual(await seriousIssues(page, theme), [])
    })
    await page.setViewportSize({ width: 600, height: 800 })
    await grid().waitFor({ state: 'detached' })
    await inEachTheme(page, 'answers-600', async (theme) => {
      assert.deepEqual(await seriousIssues(page, theme), [])
    })
  })
})
