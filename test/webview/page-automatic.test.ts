/** Rules and keep-alive messages in a browser. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { OpenOptions, PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

describe('rules and keep-alive in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const button = (name: string | RegExp) => panel.page.getByRole('button', { name, exact: true })
  const filter = () => panel.page.getByRole('combobox', { name: 'Messages to act on' })
  const answer = () => panel.page.getByRole('textbox', { name: 'Answer', exact: true })
  const rules = () => panel.page.getByRole('list', { name: 'Rules' }).getByRole('listitem')
  const press = (key: string) => panel.page.keyboard.press(key)

  async function open(options: OpenOptions = {}): Promise<void> {
    panel = await browser.open({ events: 100, ...options })
    await button('Rules and keep-alive').click()
    await filter().waitFor()
  }

  async function addRule(written: string, text: string): Promise<void> {
    await filter().fill(written)
    await answer().fill(text)
    await press('Enter')
    await rules().filter({ hasText: written }).waitFor()
  }

  it('adds a rule with keys only, switches it off and on, and removes it', async () => {
    await open()
    await filter().focus()
    await panel.page.keyboard.type('$.ty')
    await panel.page.getByRole('option', { name: '$.type' }).waitFor()
    await press('Enter')
    await panel.page.keyboard.type('== "ping"')
    await press('Escape')
    await press('Enter')
    await panel.page.keyboard.type('{"type":"pong"}')
    await press('Enter')
    assert.deepEqual(await panel.called('addRule'), [
      { id: 1, rule: { filter: '$.type == "ping"', text: '{"type":"pong"}' } },
    ])
    await filter().and(panel.page.locator(':focus')).waitFor()
    const isOn = rules().getByRole('checkbox')
    await isOn.uncheck()
    await rules().getByText('The rule is switched off.').waitFor()
    await isOn.check()
    await rules().getByText('The rule is switched off.').waitFor({ state: 'detached' })
    await button('Remove the rule $.type == "ping"').click()
    await rules().waitFor({ state: 'detached' })
    assert.deepEqual(await panel.called('switchRule'), [
      { id: 1, index: 0, on: false },
      { id: 1, index: 0, on: true },
    ])
    assert.deepEqual(await panel.called('removeRule'), [{ id: 1, index: 0 }])
  })

  it('adds a rule that does something else than answer', async () => {
    await open()
    await filter().fill('$.token')
    await panel.page.getByRole('combobox', { name: 'What the rule does' }).selectOption('Set Variable')
    await panel.page.getByRole('textbox', { name: 'Variable and path' }).fill('token = $.token')
    await press('Enter')
    await rules().getByText('acted 0 times').waitFor()
    assert.deepEqual(await panel.called('addRule'), [
      { id: 1, rule: { filter: '$.token', text: '@set token = $.token' } },
    ])
  })

  it('says what is wrong with the filter in place, and does not add the rule', async () => {
    await open()
    await filter().fill('size:>1k (')
    const mistake = panel.page.locator('#rule-mistake')
    await mistake.filter({ hasText: /\S/ }).waitFor()
    assert.equal(await filter().getAttribute('aria-invalid'), 'true')
    await panel.page.locator('.automatic .filter-wave').waitFor()
    await answer().focus()
    await press('Control+Enter')
    await filter().and(panel.page.locator(':focus')).waitFor()
    await filter().fill('size:>1k')
    await becomes(() => filter().getAttribute('aria-invalid'), 'false')
    await answer().fill('big')
    await press('Control+Enter')
    assert.equal((await panel.called('addRule')).length, 1)
  })

  it('keeps a connection alive, replaces the message, and stops', async () => {
    await open()
    const message = panel.page.getByRole('textbox', { name: 'Keep-alive message' })
    const interval = panel.page.getByLabel('Milliseconds between keep-alive messages')
    await message.fill('ping')
    await interval.fill('50')
    await press('Enter')
    await panel.page.getByRole('alert').filter({ hasText: 'from 100 to 86,400,000' }).waitFor()
    await interval.fill('5000')
    await press('Enter')
    await button('Replace').waitFor()
    const running = panel.page.getByRole('list', { name: 'Keep-alive messages' })
    await running.getByText('1 sent').waitFor()
    await button(/^Stop the keep-alive message/).click()
    await running.waitFor({ state: 'detached' })
    assert.deepEqual(await panel.called('keepAlive'), [
      { id: 1, message: { format: 'text', text: 'ping' }, interval: 5000 },
    ])
    assert.deepEqual(await panel.called('stopKeepAlive'), [{ id: 1 }])
  })

  it('says what is sent automatically while it is not shown, and switches it off with one press', async () => {
    await open()
    await addRule('type:message', 'one')
    await addRule('size:>1k', 'two')
    await panel.page.getByRole('textbox', { name: 'Keep-alive message' }).fill('ping')
    await press('Control+Enter')
    await button('Replace').waitFor()
    await button('Rules and keep-alive').click()
    const line = panel.page.getByText('Automatic: 2 rules, acted 0 times so far; keep-alive')
    await line.waitFor()
    await button('Switch All Off').click()
    await line.waitFor({ state: 'detached' })
    assert.deepEqual(await panel.called('switchRule', 2), [
      { id: 1, index: 0, on: false },
      { id: 1, index: 1, on: false },
    ])
    assert.deepEqual(await panel.called('stopKeepAlive'), [{ id: 1 }])
  })

  it('shows the rules of a connection that has ended', async () => {
    await open()
    await addRule('type:message', 'one')
    await panel.tell('say', { canSend: true, transport: 'websocket', state: 'closed' })
    await rules().getByText('(closed)').waitFor()
    await rules().getByText('type:message').waitFor()
  })

  for (const width of [600, 1400])
    it(`has no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      await open({ width })
      await addRule('$.type == "ping"', '{"type":"pong","id":{{$.id}}}')
      await addRule('name:price.update', 'a long answer '.repeat(12))
      await rules().getByRole('checkbox').last().uncheck()
      await panel.page.getByRole('textbox', { name: 'Keep-alive message' }).fill('{"type":"ping"}')
      await press('Control+Enter')
      await button('Replace').waitFor()
      await filter().fill('size:>1k (')
      await panel.page.locator('.automatic .filter-wave').waitFor()
      await inEachTheme(panel.page, `automatic-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
        const overflow = await panel.page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        assert.equal(overflow, 0)
      })
    })
})
