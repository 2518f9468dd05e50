/** The composer's forms of the protocols that are spoken, in a browser. */
import assert from 'node:assert/strict'
import { SPOKEN, SPOKEN_NAMES, type SpokenName } from '../../src/shared/spoken/table.ts'
import type { SpokenTraits } from '../../src/shared/spoken/traits.ts'
import { fieldName, formName } from '../../webview/format/spoken.ts'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import { chooseRow } from './preview/choose-row.ts'
import type { OpenOptions, PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the forms of protocols in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const composer = () => panel.page.getByRole('region', { name: 'Send a message' })
  const field = (name: string) => composer().getByLabel(name, { exact: true })
  const kind = () => field('What to send')
  const speak = (protocol: SpokenName, ready = true) => panel.tell('say', { speaking: { protocol, ready } })

  async function open(protocol: SpokenName, options: OpenOptions = {}): Promise<void> {
    panel = await browser.open({ events: 26, ...options })
    await speak(protocol)
    await kind().waitFor()
  }

  it('sends an event with arguments and an acknowledgment, with keys only', async () => {
    await open('socket.io')
    await field('Event').focus()
    await panel.page.keyboard.type('sum')
    await panel.page.keyboard.press('Tab')
    await panel.page.keyboard.type('[1, 2]')
    await panel.page.keyboard.press('Tab')
    await panel.page.keyboard.press('Space')
    await panel.page.keyboard.press('Control+Enter')
    assert.deepEqual(await panel.called('sendForm'), [
      { id: 1, form: 'emit', values: { event: 'sum', args: [1, 2], ack: true } },
    ])
    assert.equal(await field('Event').inputValue(), 'sum')
  })

  it('has a form for each kind of message, and the messages as they are', async () => {
    await open('mqtt')
    await field('Topic').fill('a/b')
    await field('Payload').fill('{"on": true}')
    await field('QoS').fill('1')
    await field('Retain').check()
    await composer().getByText(/^Send/).last().click()
    await kind().selectOption('Subscribe')
    await field('Payload').waitFor({ state: 'detached' })
    await field('Topic').fill('a/#')
    await panel.page.keyboard.press('Control+Enter')
    assert.deepEqual(await panel.called('sendForm', 2), [
      { id: 1, form: 'publish', values: { topic: 'a/b', payload: '{"on": true}', qos: 1, retain: true } },
      { id: 1, form: 'subscribe', values: { topic: 'a/#' } },
    ])
    await kind().selectOption('Message as It Is')
    await field('Message').fill('raw')
    await panel.page.keyboard.press('Control+Enter')
    assert.equal((await panel.called('send')).length, 1)
    await kind().selectOption('Publish')
    await becomes(() => field('Topic').inputValue(), 'a/b')
  })

  it('says what is wrong in place, and sends nothing', async () => {
    await open('socket.io')
    await field('Arguments').fill('[1,')
    await composer().getByRole('alert').filter({ hasText: 'not JSON' }).waitFor()
    await panel.page.keyboard.press('Control+Enter')
    await composer().getByText('This is needed: the name of the event.').waitFor()
    await field('Event').and(panel.page.locator(':focus')).waitFor()
    await field('Event').fill('sum')
    await field('Arguments').fill('[1]')
    await becomes(() => composer().getByRole('alert').allTextContents(), [''])
    await panel.page.keyboard.press('Control+Enter')
    assert.equal((await panel.called('sendForm')).length, 1)
  })

  it('waits for the handshake, and shows an event to resend as a message', async () => {
    await open('stomp', { height: 1200 })
    await speak('stomp', false)
    await composer().getByText('The handshake of stomp is not complete.').waitFor()
    await field('Destination').fill('/queue/a')
    await panel.page.keyboard.press('Control+Enter')
    await speak('stomp')
    await composer().getByText('The handshake of stomp is not complete.').waitFor({ state: 'detached' })
    await panel.page.keyboard.press('Control+Enter')
    assert.deepEqual(await panel.called('sendForm'), [
      { id: 1, form: 'send', values: { destination: '/queue/a' } },
    ])
    await chooseRow(panel.page.locator('[data-event="2"]'))
    await panel.page.getByRole('button', { name: 'Edit and resend' }).click()
    await field('Message').and(panel.page.locator(':focus')).waitFor()
  })

  it('completes a query by the schema of the server, once it is loaded', async () => {
    await open('graphql-transport-ws')
    const query = field('Query')
    const options = composer().getByRole('listbox', { name: 'Completions' }).getByRole('option')
    await query.fill('{ he')
    await composer().getByRole('button', { name: 'Load Schema' }).click()
    await composer()
      .getByText(/^Completed by the server/)
      .waitFor()
    assert.deepEqual(await panel.called('graphqlSchema'), [{ id: 1 }])
    await query.fill('')
    await query.pressSequentially('{ us')
    await options.first().waitFor()
    assert.deepEqual(await options.allTextContents(), ['userUser'])
    await query.press('Tab')
    await becomes(() => query.inputValue(), '{ user')
    await query.pressSequentially('(id: 1) { ')
    await query.press('Control+Space')
    await options.filter({ hasText: 'email' }).waitFor()
    await query.press('ArrowDown')
    await query.press('Enter')
    await query.press('Escape')
    await query.pressSequentially(' } }')
    await query.press('Control+Enter')
    const [sent] = (await panel.called('sendForm')) as [{ values: { query: string } }]
    assert.match(sent.values.query, /^\{ user\(id: 1\) \{ (?:email|__typename) \} \}$/)
  })

  it('has every form of every protocol, with names for its fields', async () => {
    await open('socket.io')
    for (const protocol of SPOKEN_NAMES) {
      const { forms }: SpokenTraits = SPOKEN[protocol]
      await speak(protocol)
      if (forms.length === 0) await kind().waitFor({ state: 'detached' })
      for (const { name, fields } of forms) {
        await kind().selectOption(name)
        await composer()
          .getByRole('form', { name: formName(name), exact: true })
          .waitFor()
        assert.notEqual(formName(name), name)
        for (const each of fields) await field(fieldName(each.name)).first().waitFor()
      }
    }
  })

  for (const width of [600, 1400])
    it(`has no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      await open('graphql-transport-ws', { width })
      await field('Query').fill('query Hello($name: String) {\n  hello(name: $name)\n}')
      await field('Variables').fill('{"name": ')
      await composer().getByRole('alert').filter({ hasText: 'not JSON' }).waitFor()
      await inEachTheme(panel.page, `forms-graphql-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
      await speak('mqtt')
      await field('Topic').waitFor()
      await inEachTheme(panel.page, `forms-mqtt-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
        const overflow = await panel.page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        assert.equal(overflow, 0)
      })
    })
})
