/** The requests of the workspace's files in the page, in a browser. */
import assert from 'node:assert/strict'
import type { ConnectionRequest, SavedRequests } from '../../src/shared/protocol/saved-requests.ts'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { OpenOptions, PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

const LISTED: SavedRequests['listed'] = [
  {
    file: 'shop.http',
    name: 'chat',
    transport: 'websocket',
    url: 'wss://{{host}}/chat',
    protocol: 'socket.io',
  },
  { file: 'shop.http', name: 'explain', transport: 'sse', url: 'https://{{llm}}/v1' },
  { file: 'ops/ops.http', name: 'status', transport: 'poll', url: 'https://{{host}}/status' },
]

const CHAT: ConnectionRequest = {
  file: 'shop.http',
  name: 'chat',
  connection: 1,
  messages: [
    { step: 0, text: '{ "event": "join", "args": ["{{room}}"], "ack": true }' },
    { step: 2, name: 'kick', text: '{ "event": "kick" }' },
  ],
}

describe('requests of files in the page', () => {
  const browser = pageTests()
  let panel: PanelPage

  const getByRole = (...args: Parameters<PanelPage['page']['getByRole']>) => panel.page.getByRole(...args)
  const button = (name: string | RegExp) => getByRole('button', { name, exact: true })
  const row = () => getByRole('group', { name: 'Request chat' })
  const press = (key: string) => panel.page.keyboard.press(key)

  describe('before the first connection', () => {
    async function open(options: OpenOptions = {}): Promise<void> {
      panel = await browser.open(options)
      await panel.tell('listRequests', { listed: LISTED, ofConnections: [] })
      await requests().nth(2).waitFor()
    }
    const requests = () => getByRole('region', { name: 'Requests' }).getByRole('listitem')

    it('are listed with technique and file, and run by a press', async () => {
      await open()
      const [first, , last] = await requests().allInnerTexts()
      assert.match(first ?? '', /^chat\s+socket.io, shop.http$/)
      assert.match(last ?? '', /^status\s+Poll, ops\/ops.http$/)
      await requests().nth(1).getByRole('button').press('Enter')
      assert.deepEqual(await panel.called('runRequest'), [{ file: 'shop.http', name: 'explain' }])
    })

    it('are found by words, and run by Enter', async () => {
      await open()
      const field = getByRole('textbox', { name: 'URL or words' })
      await field.fill('ops.http')
      await becomes(() => requests().count(), 1)
      await field.fill('ops.http status')
      await panel.page.getByText('Enter runs the request status: https://{{host}}/status').waitFor()
      await press('Enter')
      assert.deepEqual(await panel.called('runRequest'), [{ file: 'ops/ops.http', name: 'status' }])
    })

    it('are made of recent connections', async () => {
      await open()
      const recents = getByRole('region', { name: 'Recent' }).getByRole('listitem')
      await recents.nth(2).getByRole('button', { name: 'Save status as Request…' }).press('Enter')
      assert.deepEqual(await panel.called('saveRequest'), [{ source: { recent: 2 } }])
    })

    it('can be run from the form, too', async () => {
      await open()
      await button('More options…').click()
      await getByRole('region', { name: 'Requests' }).getByRole('button', { name: 'explain' }).click()
      assert.deepEqual(await panel.called('runRequest'), [{ file: 'shop.http', name: 'explain' }])
      await getByRole('form', { name: 'New connection' }).waitFor({ state: 'detached' })
    })
  })

  async function open(options: OpenOptions = {}): Promise<void> {
    panel = await browser.open({ events: 100, ...options })
    await panel.tell('listRequests', { listed: LISTED, ofConnections: [CHAT] })
    await row().waitFor()
  }

  it('send their messages, each and all of them, by one press', async () => {
    await open()
    await row().getByRole('button', { name: 'Send kick' }).press('Enter')
    await row().getByRole('button', { name: 'Send { "event": "join", "args…' }).click()
    await row().getByRole('button', { name: 'Send All' }).click()
    assert.deepEqual(await panel.called('sendStep', 2), [
      { id: 1, step: 2 },
      { id: 1, step: 0 },
    ])
    assert.deepEqual(await panel.called('sendScript'), [{ id: 1 }])
    await row().getByRole('button', { name: 'chat', exact: true }).click()
    assert.deepEqual(await panel.called('editRequest'), [{ connection: 1 }])
    await panel.tell('say', { state: 'closed' })
    await row().getByRole('button', { name: 'Send kick', disabled: true }).waitFor()
  })

  it('name their connections, also where messages are sent', async () => {
    await open()
    await panel.tell('label', [{ connection: 1, suggested: 'chat' }])
    const target = getByRole('combobox', { name: 'Connection to send to' })
    await target.getByRole('option', { name: 'chat', exact: true }).waitFor({ state: 'attached' })
    await getByRole('list', { name: 'Connections' }).locator('.connection-face').first().click()
    await getByRole('group', { name: 'Filter and search' }).getByText('chat', { exact: true }).waitFor()
  })

  it('say what their scripts wait for, and why they stop', async () => {
    await open()
    const script = { done: 1, of: 3, sent: [], variables: {} }
    await panel.tell('say', { script: { ...script, waitsFor: 'message' } })
    await row().getByText('1 of 3 steps, waits for a message of the server').waitFor()
    assert.ok(await row().getByRole('button', { name: 'Send All' }).isDisabled())
    await row().getByRole('button', { name: 'Stop' }).click()
    assert.deepEqual(await panel.called('stopScript'), [{ id: 1 }])
    await panel.tell('say', { script: { ...script, waitsFor: { variables: ['token', 'room'] } } })
    await row().getByText('1 of 3 steps, waits for a message that sets token, room').waitFor()
    await panel.tell('say', { script: { ...script, problem: 'The message is not JSON.' } })
    await row().getByRole('status').getByText('The message is not JSON.').waitFor()
    await panel.tell('say', { script: { ...script, done: 3 } })
    await row().getByText('all 3 steps done').waitFor()
  })

  it('keep messages that were written or sent, by a name', async () => {
    await open({ events: 12 })
    await getByRole('textbox', { name: 'Message' }).fill('{"op":"leave"}')
    await button('Saved messages').click()
    await getByRole('textbox', { name: 'Keep it in the request chat (shop.http) as' }).fill('leave')
    await press('Enter')
    assert.deepEqual(await panel.called('keepMessage'), [
      { connection: 1, message: { format: 'text', text: '{"op":"leave"}' }, name: 'leave' },
    ])
    await getByRole('dialog', { name: 'Saved messages' }).waitFor({ state: 'detached' })
    await panel.page.locator('[data-event="4"]').click({ button: 'right' })
    await getByRole('menuitem', { name: 'Keep in Request…' }).click()
    assert.deepEqual((await panel.called('keepMessage', 2))[1], {
      connection: 1,
      message: { index: 4 },
      name: null,
    })
    await panel.page.locator('[data-event="2"]').click({ button: 'right' })
    await getByRole('menuitem', { name: 'Copy Payload', exact: true }).waitFor()
    assert.equal(await getByRole('menuitem', { name: 'Keep in Request…' }).count(), 0)
  })

  it('keep what a form of a protocol says', async () => {
    await open()
    await panel.tell('say', { speaking: { protocol: 'socket.io', ready: true } })
    await panel.page.getByLabel('Event', { exact: true }).fill('sum')
    await button('Keep in Request').first().click()
    await panel.page.keyboard.type('sum')
    await press('Enter')
    const [kept] = (await panel.called('keepMessage')) as [{ message: { format: string; text: string } }]
    assert.equal(kept.message.format, 'json')
    assert.deepEqual(JSON.parse(kept.message.text), { form: 'emit', event: 'sum' })
  })

  it('are edited and saved from the menu of a connection, and updated from its form', async () => {
    await open()
    const chip = (at: number) =>
      getByRole('list', { name: 'Connections' }).locator('.connection-face').nth(at)
    const choose = (name: string) => getByRole('menuitem', { name, exact: true }).click()
    await chip(0).press('ContextMenu')
    await choose('Edit Request')
    assert.deepEqual(await panel.called('editRequest'), [{ connection: 1 }])
    await chip(1).click({ button: 'right' })
    assert.equal(await getByRole('menuitem', { name: 'Edit Request' }).count(), 0)
    await choose('Save as Request…')
    assert.deepEqual(await panel.called('saveRequest'), [{ source: { connection: 2 } }])
    await chip(0).click({ button: 'right' })
    await choose('Edit…')
    await button('Save as Request…').click()
    const [, { source }] = (await panel.called('saveRequest', 2)) as [
      unknown,
      { source: { form: number; spec: object } },
    ]
    assert.equal(source.form, 1)
    assert.ok('url' in source.spec)
    await button('Update Request').press('Enter')
    const [updated] = (await panel.called('updateRequest')) as [{ connection: number }]
    assert.equal(updated.connection, 1)
    await getByRole('form', { name: 'Edit connection' }).waitFor({ state: 'detached' })
  })

  for (const width of [600, 1400])
    it(`have no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      await open({ width })
      const script = { done: 1, of: 3, sent: [], variables: {}, problem: 'The message is not JSON.' }
      await panel.tell('say', { script })
      await inEachTheme(panel.page, `saved-requests-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
      await panel.close()
      panel = await browser.open({ width })
      await panel.tell('listRequests', { listed: LISTED, ofConnections: [] })
      await getByRole('region', { name: 'Requests' }).waitFor()
      await inEachTheme(panel.page, `listed-requests-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
