/** The view of findings in a browser. */
import assert from 'node:assert/strict'
import type { Finding } from '../../src/shared/finding.ts'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { STORY_FINDINGS } from './preview/findings.ts'
import { pageTests } from './preview/page-tests.ts'
import { tell } from './preview/story.ts'
import type { ThemeName } from './preview/themes.ts'

describe('the findings in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const view = () => panel.page.getByRole('region', { name: 'Findings', exact: true })
  const tab = (name: RegExp) => panel.page.getByRole('tab', { name })
  const cards = () => view().getByRole('article')
  const card = (name: RegExp) => view().getByRole('article', { name })
  const button = (name: string | RegExp) => view().getByRole('button', { name })
  const chosen = () => view().locator('li[aria-current=true]')

  async function open({
    theme,
    width,
    findings = STORY_FINDINGS,
  }: {
    theme?: ThemeName
    width?: number
    findings?: readonly Finding[]
  } = {}): Promise<void> {
    panel = await browser.open({
      story: tell(),
      findings,
      ...(theme !== undefined && { theme }),
      ...(width !== undefined && { width }),
    })
    await tab(/^Findings/).click()
    await view()
      .getByText(/rules checked/)
      .first()
      .waitFor({ state: 'attached' })
  }

  it('say what was checked, and what was found with its evidence', async () => {
    await open()
    await becomes(() => tab(/^Findings/).textContent(), 'Findings 4')
    const head = (await view().locator('.findings-head').textContent()) ?? ''
    assert.match(head, /^4 findings in 15,531 events on 5 connections · 36 rules checked, 32 found nothing/)
    const lost = card(/^Error: 5 prices were lost/)
    for (const text of [
      'sse events',
      '02:05.203 to 02:06.803',
      'Inferred: seq rose by 1 in 140 of 141 steps',
      'sequence-gap',
    ])
      await lost.getByText(text, { exact: true }).waitFor()
    assert.equal(await lost.locator('p code').textContent(), 'seq')
    const link = lost.getByRole('link', { name: 'GraphQL over WebSocket protocol' })
    assert.match((await link.getAttribute('href')) ?? '', /^https:\/\/github\.com/)
    await lost
      .getByRole('img', {
        name: /^seq, 02:03\.100 to 02:10\.600; 408 to 423; 5 of 16 points stand out; down/,
      })
      .waitFor()
    await card(/^Warning: kick/)
      .getByText('Threshold 5 s, ')
      .waitFor()
  })

  it('lead to exactly their events', async () => {
    await open()
    await card(/^Error/)
      .getByRole('button', { name: 'Show 4 events' })
      .click()
    const grid = panel.page.getByRole('grid', { name: 'Events' })
    await becomes(() => grid.getAttribute('aria-rowcount'), '5')
    assert.equal(await panel.page.getByRole('combobox', { name: /filter/i }).inputValue(), 'number:3..5,9')
    await becomes(() => grid.getByRole('row', { selected: true }).getAttribute('data-event'), '2')
    await tab(/^Findings/).click()
    await chosen().getByText('5 prices were lost').waitFor()
  })

  it('are narrowed by severity and by connection', async () => {
    await open()
    await button('2 hints').click()
    await becomes(() => cards().count(), 2)
    await view().getByText('2 of 4 findings').waitFor()
    await view().getByRole('combobox', { name: 'Connection' }).selectOption({ label: 'poll status' })
    await view().getByText('There are findings, but not of these severities').waitFor()
    await button('Show all findings').click()
    await becomes(() => cards().count(), 4)
  })

  it('are left out when their rule is muted, and come back', async () => {
    await open()
    await card(/^Hint: 27 of 30/)
      .getByRole('button', { name: 'Mute this rule here' })
      .click()
    assert.deepEqual(await panel.called('muteRule'), [{ rule: 'blank-polls', connection: 5 }])
    await becomes(() => cards().count(), 3)
    await becomes(() => panel.page.evaluate('document.activeElement.id'), 'findings-head')
    await button('1 rule muted here').click()
    const muted = view().getByRole('list', { name: 'Muted rules' })
    await muted.getByText('27 of 30 polls brought nothing').waitFor()
    await muted.getByRole('button', { name: 'Unmute blank-polls' }).click()
    assert.deepEqual(await panel.called('unmuteRule'), [{ rule: 'blank-polls', connection: 5 }])
    await becomes(() => cards().count(), 4)
  })

  it('have a threshold that is changed in place, in the unit that people use', async () => {
    await open()
    const missing = card(/^Warning/)
    const change = missing.getByRole('button', { name: 'Change the threshold of unanswered-request…' })
    await change.click()
    const field = missing.getByRole('spinbutton')
    assert.equal(await field.inputValue(), '5')
    await field.press('Escape')
    await change.press('Enter')
    await field.fill('7.5')
    await field.press('Enter')
    await missing.getByText('Threshold 7.5 s, ').waitFor()
    await change.click()
    await missing.getByRole('button', { name: 'Default' }).click()
    assert.deepEqual(await panel.called('setThreshold', 2), [
      { rule: 'unanswered-request', value: 7500 },
      { rule: 'unanswered-request', value: null },
    ])
    const share = card(/^Hint: 27/)
    await share.getByRole('button', { name: /^Change the threshold/ }).click()
    assert.equal(await share.getByRole('spinbutton').inputValue(), '80')
    await share.getByRole('spinbutton').fill('35')
    await share.getByRole('button', { name: 'Set' }).click()
    assert.deepEqual((await panel.called('setThreshold', 3)).at(-1), { rule: 'blank-polls', value: 0.35 })
  })

  it('are exported', async () => {
    await open()
    await button('Export…').click()
    assert.equal((await panel.called('exportFindings')).length, 1)
  })

  it('hand one over to the assistant, without choosing it', async () => {
    await open()
    const lost = card(/^Error: 5 prices were lost/)
    await lost.getByRole('button', { name: 'Explain this' }).click()
    const [asked] = await panel.called('explainFinding')
    assert.deepEqual(Object.keys((asked ?? {}) as object).sort(), ['connection', 'from', 'rule'])
    assert.equal((asked as { rule: string }).rule, 'sequence-gap')
    assert.equal(await chosen().count(), 0)
  })

  it('say what was checked if nothing was found', async () => {
    await open({ findings: [] })
    await view()
      .getByText(/^36 rules looked at 15,531 events on 5 connections and found nothing/)
      .waitFor()
    await view().getByText('36 rules checked, 36 found nothing').waitFor()
    assert.equal(await tab(/^Findings/).textContent(), 'Findings')
  })

  it('are counted on the chips of connections, which lead to them', async () => {
    await open()
    await tab(/^Events/).click()
    const chips = panel.page.getByRole('list', { name: 'Connections' })
    await chips.getByRole('button', { name: 'Show 1 error on sse events' }).click()
    await becomes(() => cards().count(), 1)
    await card(/^Error: 5 prices/).waitFor()
    assert.equal(
      await chips.getByRole('button', { name: /^Show \d+ (error|warning|hint)s?.* on / }).count(),
      2,
    )
  })

  it('are reached and used with keys', async () => {
    await open()
    await view().locator('.findings-head').focus()
    const names: string[] = []
    for (let at = 0; at < 12; at++) {
      await panel.page.keyboard.press('Tab')
      names.push(
        String(
          await panel.page.evaluate(
            'document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()',
          ),
        ),
      )
    }
    for (const name of [
      '1 error',
      'Connection',
      '5 prices were lost over a reconnect',
      'GraphQL over WebSocket protocol',
      'Show 4 events',
      'Mute this rule here',
    ])
      assert.ok(names.includes(name), `${name} in ${names.join(', ')}`)
    await button('5 prices were lost').press('Enter')
    await chosen().getByText('5 prices were lost').waitFor()
  })

  it('are rendered a hundred at a time, and not again if they stay the same', async () => {
    const [one] = STORY_FINDINGS
    assert.ok(one)
    const many = Array.from({ length: 1000 }, (_, at) => ({
      ...one,
      title: `finding ${at}`,
      from: at,
      to: at * 100,
    }))
    await open({ findings: many })
    assert.equal(await cards().count(), 100)
    await panel.page.evaluate('globalThis.firstCard = document.querySelector(".finding-card")')
    await button('Show 100 more').click()
    await becomes(() => cards().count(), 200)
    await panel.tell('find', many.slice(0, 999))
    await becomes(() => tab(/^Findings/).textContent(), 'Findings 999')
    assert.equal(
      await panel.page.evaluate('globalThis.firstCard === document.querySelector(".finding-card")'),
      true,
    )
  })

  it('show payloads as text, not as HTML', async () => {
    const [one] = STORY_FINDINGS
    assert.ok(one)
    await open({ findings: [{ ...one, title: '<img src=x onerror=alert(1)>', message: '<b>bold</b>' }] })
    await view().getByText('<b>bold</b>').waitFor()
    assert.equal(await view().locator('b:text("bold"), img').count(), 0)
  })

  for (const width of [600, 1400])
    it(`fit into ${width} pixels`, async () => {
      await open({ width })
      for (const selector of ['.findings-scroll', '.findings-head', '.page-bar', '.strip']) {
        const [scroll, room] = (await panel.page.evaluate(
          `[document.querySelector('${selector}').scrollWidth, document.querySelector('${selector}').clientWidth]`,
        )) as [number, number]
        assert.ok(scroll <= room, `${selector}: ${scroll} of ${room}`)
      }
    })

  for (const width of [600, 1280])
    it(`have no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      await open({ width })
      await inEachTheme(panel.page, `findings-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
