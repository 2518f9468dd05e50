/** The composer in a browser: formats, checks, history, saved messages, variables, repeats. */
import assert from 'node:assert/strict'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import { chooseRow } from './preview/choose-row.ts'
import type { PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the composer in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const input = () => panel.page.getByRole('textbox', { name: 'Message', exact: true })
  const button = (name: string | RegExp) => panel.page.getByRole('button', { name })
  const dialog = (name: string) => panel.page.getByRole('dialog', { name })
  const format = () => panel.page.getByLabel('Format', { exact: true })
  const press = (key: string) => panel.page.keyboard.press(key)
  const placeholderShown = () => panel.page.locator('textarea:placeholder-shown').waitFor()

  async function send(text: string): Promise<void> {
    await input().fill(text)
    await press('Control+Enter')
    await placeholderShown()
  }

  const savedAs = (...names: readonly string[]) =>
    names.map((name) => ({ name, format: 'text' as const, text: `say ${name}` }))

  it('checks JSON as it is typed, shows the position of a mistake, and formats it', async () => {
    panel = await browser.open({ events: 100 })
    await format().selectOption('json')
    await input().fill('{"op":"{{$uuid}}",}')
    await panel.page.getByText('there is "}" at character 19').waitFor()
    await becomes(() => input().getAttribute('aria-invalid'), 'true')
    assert.equal(await panel.page.getByRole('alert').filter({ hasText: 'not valid JSON' }).count(), 0)
    await input().fill('{"op":"{{$uuid}}","n":{{$counter}}}')
    await panel.page.locator('textarea[aria-invalid=false]').waitFor()
    await button('Format').click()
    await becomes(() => input().inputValue(), '{\n  "op": "{{$uuid}}",\n  "n": {{$counter}}\n}')
    await panel.page.locator('textarea:focus').waitFor()
  })

  it('reports an unknown variable and does not send, then sends once it is defined', async () => {
    panel = await browser.open({ events: 100 })
    await input().fill('hello {{who}}')
    await press('Control+Enter')
    await panel.page.getByRole('alert').filter({ hasText: 'There is no variable {{who}}' }).waitFor()
    assert.equal((await panel.tell('calls')).filter(({ method }) => method === 'send').length, 0)
    await button('Variables').click()
    const variables = dialog('Variables')
    await variables.getByLabel('Name of variable 1').fill('who')
    await variables.getByLabel('Value of who').fill('world')
    await press('Enter')
    await variables.getByText('Saved.').waitFor()
    assert.deepEqual(await panel.called('shelve'), [{ variables: { who: 'world' } }])
    await press('Escape')
    await variables.waitFor({ state: 'detached' })
    await button('Variables').and(panel.page.locator(':focus')).waitFor()
    await input().focus()
    await press('Control+Enter')
    assert.deepEqual(await panel.called('send'), [
      { id: 1, message: { format: 'text', text: 'hello {{who}}' } },
    ])
  })

  it('inserts a built-in variable at the caret', async () => {
    panel = await browser.open({ events: 100 })
    await input().fill('a  b')
    await input().evaluate((node) => (node as unknown as HTMLTextArea).setSelectionRange(2, 2))
    await button('Variables').click()
    await dialog('Variables').getByRole('button', { name: '{{$counter}}' }).click()
    await becomes(() => input().inputValue(), 'a {{$counter}} b')
  })

  it('shows sent messages with arrow keys, and lists them with their formats, newest first', async () => {
    panel = await browser.open({ events: 100 })
    await send('first')
    await format().selectOption('hex')
    await send('00 ff')
    await input().fill('0')
    await input().evaluate((node) => (node as unknown as HTMLTextArea).setSelectionRange(0, 0))
    await press('ArrowUp')
    await becomes(() => input().inputValue(), '00 ff')
    await panel.painted()
    await press('ArrowUp')
    await panel.page.waitForFunction(
      () => (globalThis as unknown as Globals).document.querySelector('textarea')?.value === 'first',
    )
    await becomes(() => format().inputValue(), 'text')
    await button('History').click()
    const entries = dialog('History').getByRole('button')
    await becomes(() => entries.allTextContents(), ['00 ffHex', 'firstText'])
    await press('ArrowDown')
    await press('ArrowDown')
    await press('Enter')
    await becomes(() => input().inputValue(), 'first')
  })

  it('does not keep messages in the state that the editor stores', async () => {
    panel = await browser.open({ events: 100 })
    await send('my secret')
    await chooseRow(panel.page.locator('[data-event]').first())
    await panel.page.getByRole('tab', { name: 'Hex' }).click()
    assert.doesNotMatch(JSON.stringify(await panel.tell('kept')), /my secret/)
  })

  it('saves a message under a name, inserts, renames and deletes it, with keys only', async () => {
    panel = await browser.open({ events: 100 })
    await format().selectOption('json')
    await input().fill('{"op":"ping"}')
    await button('Saved messages').focus()
    await press('Enter')
    const saved = dialog('Saved messages')
    await saved.getByLabel('Save this message as').pressSequentially('ping')
    await press('Enter')
    await saved.getByRole('button', { name: /^ping/ }).waitFor()
    assert.deepEqual(await panel.called('shelve'), [
      { save: { name: 'ping', format: 'json', text: '{"op":"ping"}' } },
    ])
    await press('Escape')
    await format().selectOption('text')
    await input().fill('a draft')
    await button('Saved messages').focus()
    await press('Enter')
    await saved.getByRole('button', { name: 'Rename ping' }).click()
    await saved.getByLabel('New name').and(panel.page.locator(':focus')).waitFor()
    await panel.page.keyboard.type('heartbeat')
    await press('Enter')
    await saved
      .getByRole('button', { name: /^heartbeat/ })
      .and(panel.page.locator(':focus'))
      .waitFor()
    await press('Enter')
    await saved.waitFor({ state: 'detached' })
    await becomes(() => input().inputValue(), '{"op":"ping"}')
    await becomes(() => format().inputValue(), 'json')
    await button('History').click()
    await dialog('History').getByText('a draft').waitFor()
    await button('Saved messages').click()
    await dialog('History').waitFor({ state: 'detached' })
    await saved.getByRole('button', { name: 'Delete heartbeat' }).click()
    await saved.getByRole('button', { name: /^heartbeat/ }).waitFor({ state: 'detached' })
    await saved.getByLabel('Save this message as').and(panel.page.locator(':focus')).waitFor()
  })

  it('accepts a name right away for the current message, also if others are saved', async () => {
    panel = await browser.open({ events: 100 })
    for (const name of ['first', 'second']) {
      await input().fill(`message ${name}`)
      await button('Saved messages').focus()
      await press('Enter')
      await panel.page.keyboard.type(name)
      await press('Enter')
      await dialog('Saved messages')
        .getByRole('button', { name: new RegExp(`^${name}`) })
        .waitFor()
      await press('Escape')
      await becomes(() => input().inputValue(), `message ${name}`)
    }
    await button('Saved messages').focus()
    await press('Enter')
    await press('ArrowDown')
    await press('Enter')
    await becomes(() => input().inputValue(), 'message first')
  })

  it('offers to resend an event only if a connection can send', async () => {
    panel = await browser.open({ events: 26 })
    await chooseRow(panel.page.locator('[data-event="2"]'))
    await button('Edit and resend').waitFor()
    await panel.tell('say', { canSend: true, state: 'closed' })
    await button('Edit and resend').waitFor({ state: 'detached' })
    await panel.tell('say', { canSend: false, transport: 'sse', state: 'open' })
    await button('Open in editor').waitFor()
    await panel.painted()
    assert.equal(await button('Edit and resend').count(), 0)
  })

  it('repeats a message, shows the progress, and stops', async () => {
    panel = await browser.open({ events: 100 })
    await button('Repeat').click()
    await panel.page.getByLabel('Milliseconds between messages').fill('250')
    await panel.page.getByLabel('Maximum number of messages').fill('200000')
    await input().fill('tick {{$counter}}')
    await press('Control+Enter')
    await panel.page.getByRole('alert').filter({ hasText: 'from 1 to 100,000 times' }).waitFor()
    await panel.page.getByLabel('Maximum number of messages').fill('20')
    await input().focus()
    await press('Control+Enter')
    assert.deepEqual(await panel.called('repeat'), [
      {
        id: 1,
        message: { format: 'text', text: 'tick {{$counter}}' },
        plan: { interval: 250, count: 20 },
      },
    ])
    await panel.tell('repeated', 7)
    await panel.page.getByText('7 of 20', { exact: true }).waitFor()
    assert.equal(await input().inputValue(), 'tick {{$counter}}')
    await button('Stop').click()
    await panel.page.getByRole('status').filter({ hasText: 'Stopped after 7 of 20.' }).waitFor()
    assert.deepEqual(await panel.called('stopSending'), [{ id: 1 }])
  })

  it('is hidden while no connection takes messages, and keeps what was written', async () => {
    panel = await browser.open({ events: 100 })
    await input().fill('later')
    await panel.tell('say', { canSend: false, transport: 'sse', state: 'open' })
    await panel.page.getByRole('region', { name: 'Send a message' }).waitFor({ state: 'detached' })
    await panel.tell('say', { canSend: true, transport: 'websocket', state: 'open' })
    await input().waitFor()
    assert.equal(await input().inputValue(), 'later')
  })

  it('sends saved messages in the order in which they were chosen, with keys only', async () => {
    panel = await browser.open({ events: 100, saved: savedAs('auth', 'join', 'ping') })
    await button('Saved messages').focus()
    await press('Enter')
    const saved = dialog('Saved messages')
    const choice = (name: string) => saved.getByRole('checkbox', { name })
    await choice('Select join').focus()
    await press('Space')
    await choice('join, number 1').waitFor()
    await press('ArrowUp')
    await press('Space')
    await choice('auth, number 2').waitFor()
    await saved.getByLabel('Milliseconds to wait').fill('0')
    await press('Enter')
    await saved.getByRole('alert').filter({ hasText: 'from 1 to 86,400,000' }).waitFor()
    await saved.getByLabel('Milliseconds to wait').fill('500')
    await saved.getByLabel('Between two messages').selectOption('time')
    await choice('auth, number 2').focus()
    await press('Control+Enter')
    await saved.waitFor({ state: 'detached' })
    assert.deepEqual(await panel.called('sendInOrder'), [
      {
        id: 1,
        messages: [
          { format: 'text', text: 'say join' },
          { format: 'text', text: 'say auth' },
        ],
        pace: { wait: 'time', ms: 500 },
      },
    ])
    await panel.page.getByText('1 of 2', { exact: true }).waitFor()
    await button('Stop').click()
    await panel.page.getByRole('status').filter({ hasText: 'Stopped after 1 of 2.' }).waitFor()
    await input().fill('x')
    await panel.page.getByText('Stopped after 1 of 2.').waitFor({ state: 'detached' })
  })

  it('chooses all messages at once, and names the one that cannot be sent', async () => {
    panel = await browser.open({ events: 100, saved: savedAs('auth', 'join {{room}}', 'ping') })
    await button('Saved messages').click()
    const saved = dialog('Saved messages')
    await saved.getByRole('checkbox', { name: 'Select all' }).check()
    await button('Send 3 messages').click()
    await saved
      .getByRole('alert')
      .filter({ hasText: 'join {{room}}: There is no variable {{room}}' })
      .waitFor()
    await saved.getByRole('checkbox', { name: 'join {{room}}' }).uncheck()
    await saved.getByRole('checkbox', { name: 'ping, number 2' }).waitFor()
    await button('Send 2 messages').click()
    assert.equal((await panel.called('sendInOrder')).length, 1)
  })

  it('finds messages in the history and among the saved ones', async () => {
    panel = await browser.open({ events: 100, saved: savedAs('auth', 'join', 'ping') })
    for (const text of ['Alpha one', 'beta two', 'alpha two']) await send(text)
    await button('History').click()
    await panel.page.keyboard.type('two alpha')
    const history = dialog('History').locator('[data-entry]')
    await history.and(panel.page.getByText('beta')).waitFor({ state: 'detached' })
    await becomes(() => history.allTextContents(), ['alpha twoText'])
    await panel.page.keyboard.type('?')
    await dialog('History').getByText('Nothing contains “two alpha?”.').waitFor()
    await button('Saved messages').click()
    await panel.page.keyboard.type('IN')
    const saved = dialog('Saved messages').locator('[data-entry]')
    await saved.and(panel.page.getByText('auth')).waitFor({ state: 'detached' })
    await becomes(() => saved.allTextContents(), ['joinsay joinText', 'pingsay pingText'])
    await press('ArrowDown')
    await press('Enter')
    await becomes(() => input().inputValue(), 'say join')
  })

  it('keeps the message editable while its connection is closed', async () => {
    panel = await browser.open({ events: 100 })
    await input().fill('half a mess')
    await panel.tell('say', { canSend: true, transport: 'websocket', state: 'waiting' })
    await panel.page.getByText('is waiting. Messages can be sent while it is open.').waitFor()
    await input().pressSequentially('age')
    await becomes(() => input().inputValue(), 'half a message')
    await press('Control+Enter')
    await panel.painted()
    assert.equal((await panel.tell('calls')).filter(({ method }) => method === 'send').length, 0)
  })

  it('loads an event to edit and send again: JSON as JSON, bytes as base64', async () => {
    panel = await browser.open({ events: 26 })
    await chooseRow(panel.page.locator('[data-event="2"]'))
    await button('Edit and resend').click()
    await panel.page.waitForFunction(() =>
      (globalThis as unknown as Globals).document
        .querySelector('textarea')
        ?.value.startsWith('{"type":"trade"'),
    )
    await becomes(() => format().inputValue(), 'json')
    await chooseRow(panel.page.locator('[data-event="9"]'))
    await panel.page.getByRole('tab', { name: 'Payload' }).click()
    await button('Edit and resend').click()
    await panel.page.waitForFunction(() =>
      (globalThis as unknown as Globals).document.querySelector('textarea')?.value.startsWith('AB8'),
    )
    await becomes(() => format().inputValue(), 'base64')
  })

  it('has no serious accessibility issue in any theme, narrow, with everything open', async () => {
    panel = await browser.open({ events: 100, width: 500, saved: savedAs('auth', 'join', 'ping') })
    await format().selectOption('json')
    await input().fill('{"a":}')
    await button('Repeat').click()
    await panel.page.getByText('there is "}" at character 6').waitFor()
    await button('Saved messages').click()
    await dialog('Saved messages').getByRole('checkbox', { name: 'Select join' }).check()
    await press('Escape')
    for (const name of ['Saved messages', 'Variables']) {
      await button(name).click()
      await dialog(name).waitFor()
      await inEachTheme(panel.page, `composer-${name}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
        const overflow = await panel.page.evaluate(() => {
          const { document } = globalThis as unknown as Globals
          return document.documentElement.scrollWidth - document.documentElement.clientWidth
        })
        assert.equal(overflow, 0)
      })
    }
  })
})

/** The globals of the page that scripts in it use. */
interface HTMLTextArea {
  readonly value: string
  setSelectionRange(start: number, end: number): void
}
interface Globals {
  readonly document: {
    querySelector(selector: string): HTMLTextArea | null
    readonly documentElement: { readonly scrollWidth: number; readonly clientWidth: number }
  }
}
