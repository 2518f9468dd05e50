/** Rules, keep-alive, and a form of each protocol that is spoken, in a VS Code in the browser. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { SPOKEN, SPOKEN_NAMES } from '../../src/shared/spoken/table.ts'
import { eventually } from '../support/eventually.ts'
import { closeProtocolServers } from '../support/protocol-servers.ts'
import { type Peers, startPeers } from './servers.ts'
import { SPOKEN_CASES, type SpokenCase } from './spoken-cases.ts'
import { type OpenedInspector, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

describe('what connections send by themselves, and forms of protocols, in a workbench', () => {
  let peers: Peers
  let opened: OpenedInspector
  let workbench: Workbench
  /** The number of the newest connection. */
  let newest = 1

  before(async () => {
    peers = await startPeers()
    opened = await openInspector()
    workbench = opened.workbench
    await workbench.connect(`ws://${peers.host}/echo`)
    await workbench.rows('welcome').waitFor()
  })
  after(async () => {
    await opened?.close()
    closeProtocolServers()
  })
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot(`failed-${Date.now()}`)
  })

  const composer = () => workbench.panel.getByRole('region', { name: 'Send a message' })
  const button = (name: string | RegExp) => workbench.panel.getByRole('button', { name, exact: true })
  const filter = () => workbench.panel.getByRole('combobox', { name: 'Filter', exact: true })

  it('answers messages by a rule, over a reconnect, until it is switched off', async () => {
    const { panel } = workbench
    await button('Rules and keep-alive').click()
    await panel.getByRole('combobox', { name: 'Messages to act on' }).fill('$.type == "welcome"')
    await panel.getByRole('textbox', { name: 'Answer', exact: true }).fill('{"thanks":{{$.items}}}')
    await button('Add Rule').click()
    const rule = panel.getByRole('list', { name: 'Rules' }).getByRole('listitem')
    await rule.getByText('0 answers').waitFor()
    peers.dropSockets()
    await rule.getByText('1 answer', { exact: true }).waitFor()
    await workbench.rows(/⇡.*thanks: \[1, 2, 3\]/).waitFor()
    await workbench.rows(/↓.*thanks: \[1, 2, 3\]/).waitFor()
    await workbench.screenshot('spoken-rule')
    await button('Switch All Off').click()
    await rule.getByText('The rule is switched off.').waitFor()
    await button(/^Remove the rule/).click()
    await rule.waitFor({ state: 'detached' })
  })

  it('says why a rule does nothing with a message', async () => {
    const { panel } = workbench
    await panel.getByRole('combobox', { name: 'Messages to act on' }).fill('$.type == "welcome"')
    await panel.getByRole('combobox', { name: 'What the rule does' }).selectOption('Mark')
    await panel.getByRole('textbox', { name: 'Text of the mark' }).fill('{{$.missing}}')
    await button('Add Rule').click()
    const rule = panel.getByRole('list', { name: 'Rules' }).getByRole('listitem')
    await rule.getByText('acted 0 times').waitFor()
    peers.dropSockets()
    await rule
      .getByText('The rule did nothing with a message, because it has no value at $.missing.')
      .waitFor()
    await button(/^Remove the rule/).click()
    await rule.waitFor({ state: 'detached' })
  })

  it('keeps a connection alive with a message, until it is stopped', async () => {
    const { panel } = workbench
    await panel.getByRole('textbox', { name: 'Keep-alive message' }).fill('still here {{$counter}}')
    await panel.getByLabel('Milliseconds between keep-alive messages').fill('100')
    await button('Start').click()
    await panel
      .getByRole('list', { name: 'Keep-alive messages' })
      .getByText(/^\d+ sent$/)
      .waitFor()
    await workbench.rows(/⇡.*still here 3/).waitFor()
    await button('Rules and keep-alive').click()
    await composer().getByText('Automatic: keep-alive').waitFor()
    await workbench.screenshot('spoken-keep-alive')
    await button('Switch All Off').click()
    await composer().getByText('Automatic: keep-alive').waitFor({ state: 'detached' })
    await filter().fill('is:automatic')
    await workbench
      .rows(/still here/)
      .first()
      .waitFor()
    await filter().fill('')
  })

  it('has a case for every protocol that has a form', () => {
    const tested = new Set(SPOKEN_CASES.map(({ protocol }) => protocol))
    assert.deepEqual(
      SPOKEN_NAMES.filter((name) => SPOKEN[name].forms.length > 0 && !tested.has(name)),
      [],
    )
  })

  /** Connects with the form for a connection. */
  async function connect({ protocol, options = {} }: SpokenCase, url: string): Promise<void> {
    await button('Connect…').click()
    const form = workbench.panel.getByRole('form')
    await form.getByRole('textbox', { name: 'URL' }).fill(url)
    await form.getByRole('combobox', { name: 'Protocol', exact: true }).selectOption(protocol)
    await fill(form, options)
    await form.getByRole('button', { name: 'Connect', exact: true }).click()
    await form.getByRole('heading', { name: 'New connection' }).waitFor({ state: 'detached' })
    newest++
  }

  for (const each of SPOKEN_CASES)
    it(`sends a form of ${each.protocol}`, async () => {
      const { protocol, scheme = 'ws', path = '/', serve, forms, answer, heard } = each
      const messages: string[] = []
      const host = await serve((message) => messages.push(message))
      await connect(each, `${scheme}://${host}${path}`)
      await composer().getByLabel('Connection to send to').selectOption(String(newest))
      for (const [form, fields] of forms) {
        await composer().getByLabel('What to send').selectOption(form)
        await fill(composer(), fields)
        const send = composer().locator('vscode-button:not([disabled])')
        await send.waitFor()
        await composer()
          .getByRole('form', { name: form, exact: true })
          .locator('input, textarea')
          .first()
          .press('Control+Enter')
        await filter().fill(`conn:${newest} (type:message or type:request) not dir:in not is:automatic`)
        await workbench
          .rows(/[↑·]/)
          .nth(forms.findIndex(([name]) => name === form))
          .waitFor()
      }
      await workbench.screenshot(`spoken-${protocol}`)
      if (answer === undefined)
        await eventually(() =>
          assert.ok(
            messages.some((text) => heard?.test(text)),
            messages.join('\n'),
          ),
        )
      else {
        await filter().fill(`conn:${newest} dir:in ${JSON.stringify(answer)}`)
        await workbench.rows(/↓/).first().waitFor()
      }
    })
})

/** Fills in fields by their names. */
async function fill(root: Locator, fields: Readonly<Record<string, string | true>>): Promise<void> {
  for (const [name, text] of Object.entries(fields)) {
    const field = root.locator('.spoken-fields').getByLabel(name, { exact: true })
    if (text === true) await field.check()
    else if (await isChoice(field)) await field.selectOption(text)
    else await field.fill(text)
  }
}

async function isChoice(field: Locator): Promise<boolean> {
  return (await field.evaluate((element) => (element as unknown as { tagName: string }).tagName)) === 'SELECT'
}
