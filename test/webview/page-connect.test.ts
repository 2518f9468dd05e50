/** The form of a connection, in a browser. */
import assert from 'node:assert/strict'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { becomes, eventually } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { OpenOptions, PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

interface Sent {
  readonly form: number
  readonly spec: ConnectionSpec
  readonly certificates: readonly string[]
  readonly remember: boolean
}

describe('the form of a connection in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const form = () => panel.page.getByRole('form')
  const text = (name: string) => form().getByRole('textbox', { name, exact: true })
  const sent = () => panel.page.locator('.will-be-sent pre')
  const connect = () => form().getByRole('button', { name: 'Connect', exact: true }).click()
  const connected = async () => (await panel.called('connectForm')) as Sent[]

  async function openNew(options: OpenOptions = {}): Promise<void> {
    panel = await browser.open({ width: 1400, height: 900, ...options })
    await panel.page.getByRole('button', { name: 'More options…' }).click()
    await form().getByRole('heading', { name: 'New connection' }).waitFor()
    await form().locator('input:focus').waitFor()
  }

  /** Opens the form with a connection that has a token, a header and a body. */
  async function openKnown(options: OpenOptions = {}): Promise<void> {
    await openNew(options)
    if ((options.width ?? 1400) >= 1180)
      await panel.page
        .getByRole('navigation', { name: 'Start from' })
        .getByRole('button', { name: /^events/ })
        .click()
    await text('Name of header 1').waitFor()
  }

  it('says from which machine it is sent if that is a remote host', async () => {
    await openNew()
    const said = 'It is sent from the remote host (ssh-remote), which is also what localhost means.'
    await panel.page.locator('.will-be-sent').getByText(said).waitFor()
  })

  it('is filled in from a curl command that is pasted into the URL', async () => {
    await openNew()
    await text('URL').fill(
      `curl 'https://h/rooms' -X PUT -H 'X-Room: a' --data-raw '{"a":1}' -H 'content-type: application/json' -k --ntlm`,
    )
    await form().getByText('Filled in from the curl command. The option --ntlm was not imported.').waitFor()
    assert.equal(await text('URL').inputValue(), 'https://h/rooms')
    assert.equal(await text('Name of header 1').inputValue(), 'X-Room')
    await connect()
    const [{ spec } = {}] = await connected()
    assert.deepEqual(spec, {
      url: 'https://h/rooms',
      method: 'PUT',
      headers: { 'X-Room': 'a', 'content-type': 'application/json' },
      body: '{"a":1}',
      tls: { insecure: true },
    })
  })

  it('sends credentials of each kind, and shows where, but not what', async () => {
    await openNew()
    await panel.page.keyboard.type('wss://abc.example.com/mqtt')
    const kind = form().getByRole('combobox', { name: 'Kind of authorization' })
    await kind.selectOption('digest')
    await text('User').fill('ada')
    await text('Password').fill('hunter2')
    await sent().getByText('Authorization: Digest ••••••').waitFor()
    await kind.selectOption('api-key')
    const place = form().getByRole('combobox', { name: 'Where it is sent' })
    await place.selectOption('query')
    await text('Name of the key').fill('key')
    await text('Key').fill('hunter2')
    await sent().getByText('GET /mqtt?key=•••••• HTTP/1.1').waitFor()
    await kind.selectOption('aws')
    await text('Access key ID').fill('AKIDEXAMPLE')
    await text('Secret access key').fill('hunter2')
    await text('Session token').fill('hunter3')
    await text('Service').fill('iotdevicegateway')
    await place.selectOption('query')
    await sent().getByText('X-Amz-Signature=••••••').waitFor()
    for (const name of ['Secret access key', 'Session token'])
      assert.equal(await text(name).getAttribute('type'), 'password')
    assert.ok(!(await sent().innerText()).includes('hunter'))
    await panel.page.keyboard.press('Control+Enter')
    const [{ spec } = {}] = (await connected()) as { spec?: unknown }[]
    assert.deepEqual(spec, {
      url: 'wss://abc.example.com/mqtt',
      credentials: {
        ...{ kind: 'aws', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hunter2', sessionToken: 'hunter3' },
        ...{ service: 'iotdevicegateway', in: 'query' },
      },
    })
  })

  it('makes what took fourteen prompts: a chat with a token and a subprotocol', async () => {
    await openNew()
    assert.equal(await panel.page.evaluate('document.activeElement.id'), 'form-url')
    await panel.page.keyboard.type('wss://chat.example.com/chat?room=dev')
    await text('Subprotocols').fill('chat.v2')
    await form().getByRole('combobox', { name: 'Kind of authorization' }).selectOption('bearer')
    await text('Token').fill('tok-123')
    await form().getByRole('checkbox', { name: 'Remember' }).check()
    await sent().getByText('Authorization: Bearer ••••••').waitFor()
    await sent().getByText('Sec-WebSocket-Protocol: chat.v2').waitFor()
    assert.ok(!(await sent().innerText()).includes('tok-123'))
    await panel.page.keyboard.press('Control+Enter')
    assert.deepEqual(await connected(), [
      {
        form: 2,
        spec: {
          url: 'wss://chat.example.com/chat?room=dev',
          headers: { Authorization: 'Bearer tok-123' },
          subprotocols: ['chat.v2'],
        },
        certificates: [],
        remember: true,
      },
    ])
    await form().waitFor({ state: 'detached' })
  })

  it('keeps its fields in place when the technique changes', async () => {
    await openNew()
    await text('URL').fill('https://api.example.com/x')
    const places = () =>
      form()
        .locator('.form-row')
        .evaluateAll((rows) =>
          rows.map((row) => (row as unknown as { offsetTop: number; textContent: string }).offsetTop),
        )
    const before = await places()
    for (const technique of ['SSE', 'Poll', 'Long-Poll', 'Stream']) {
      await form().getByRole('radio', { name: technique, exact: true }).check()
      await panel.painted()
      const now = await places()
      assert.equal(now.length, before.length)
      assert.deepEqual(now.slice(0, 6), before.slice(0, 6), technique)
    }
    await form().getByText('Only for WebSocket').waitFor()
    await form().getByRole('radio', { name: 'SSE', exact: true }).check()
    await form().getByText('Only for Long-Poll, Poll and Stream').waitFor()
  })

  it('shows a kept token without knowing it, and takes another one', async () => {
    await openKnown()
    await sent().getByText('Authorization: Bearer ••••••').waitFor()
    await form().getByText('kept in the editor’s secret storage').waitFor()
    await connect()
    const [first] = await connected()
    assert.equal(first?.spec.headers?.Authorization, '***')
    assert.equal(first?.remember, true)
    await openKnown()
    await form().getByRole('button', { name: 'Change…' }).click()
    await text('Token').fill('fresh')
    await connect()
    assert.equal((await connected())[0]?.spec.headers?.Authorization, 'Bearer fresh')
  })

  it('forgets a token', async () => {
    await openKnown()
    await form().getByRole('button', { name: 'Forget' }).click()
    assert.deepEqual(await panel.called('forgetSecrets'), [{ form: 1 }])
    await form().getByText('as before').waitFor()
    await becomes(() => form().getByRole('checkbox', { name: 'Remember' }).isChecked(), false)
  })

  it('has headers that can be left out, added and removed', async () => {
    await openKnown()
    await form().getByRole('checkbox', { name: 'Send X-Request-Id' }).uncheck()
    await text('Name of header 2').fill('X-Debug')
    await text('Value of header 2').fill('timing')
    await sent().getByText('X-Debug: timing').waitFor()
    assert.ok(!(await sent().innerText()).includes('X-Request-Id'))
    await form().getByRole('button', { name: 'Remove X-Debug' }).click()
    await connect()
    assert.deepEqual((await connected())[0]?.spec.headers, { Authorization: '***' })
  })

  it('checks and formats JSON, and reads a file', async () => {
    await openKnown()
    const body = () => text('Body')
    await form().getByText('valid, 36').waitFor()
    await form().getByRole('button', { name: 'Format' }).click()
    await eventually(async () => assert.match(await body().inputValue(), /^\{\n {2}"model": "demo-large",/))
    await body().fill('{"model"')
    await form().getByText('not JSON: ').waitFor()
    await form().getByRole('button', { name: 'From file…' }).click()
    await panel.page.waitForFunction(
      `document.querySelector('.body-field textarea').value === '{"from":"file"}'`,
    )
  })

  it('says what is wrong with a field, and does not connect', async () => {
    await openNew()
    await connect()
    await form().getByText('There is no URL').waitFor()
    await text('URL').fill('wss://h/')
    await form().getByRole('radio', { name: 'SSE' }).check()
    await form().getByText('needs an http: or https: URL').waitFor()
    await connect()
    assert.equal((await panel.tell('calls')).filter(({ method }) => method === 'connectForm').length, 0)
  })

  it('suggests the protocol, and takes its options', async () => {
    await openNew()
    await text('URL').fill('wss://broker.example.com/mqtt')
    await form().getByRole('button', { name: 'Speak mqtt' }).click()
    const protocol = form().getByRole('combobox', { name: 'Protocol', exact: true })
    await becomes(() => protocol.inputValue(), 'mqtt')
    await text('User').fill('ada')
    await form().getByLabel('Password', { exact: true }).fill('hunter2')
    await text('Keep-alive').fill('often')
    await connect()
    await form().getByText('This is not a number from 0.').waitFor()
    await text('Keep-alive').fill('30')
    await form().getByRole('checkbox', { name: 'Clean session' }).uncheck()
    await panel.page.getByText('mqtt adds what its handshake needs.').waitFor()
    await connect()
    const [call] = await connected()
    assert.deepEqual(call?.spec, {
      url: 'wss://broker.example.com/mqtt',
      protocol: 'mqtt',
      protocolOptions: { username: 'ada', password: 'hunter2', keepalive: 30, clean: false },
    })
  })

  it('asks for an option that the protocol needs', async () => {
    await openNew()
    await text('URL').fill('ws://localhost/socket')
    await form().getByRole('combobox', { name: 'Protocol', exact: true }).selectOption('home-assistant')
    await form().getByLabel('Token', { exact: true }).waitFor()
    assert.equal(await form().getByRole('alert').count(), 0)
    await connect()
    await form().getByText('This is needed: the token.').waitFor()
    await form().getByLabel('Token', { exact: true }).and(panel.page.locator(':focus')).waitFor()
  })

  it('takes files of certificates by name', async () => {
    await openNew()
    await text('URL').fill('https://h/')
    await form().getByRole('button', { name: 'Authority…' }).click()
    await form().getByText('Authority: corp.pem').waitFor()
    await form().getByRole('checkbox', { name: 'Check the server’s certificate' }).uncheck()
    await connect()
    const [call] = await connected()
    assert.deepEqual([call?.certificates, call?.spec.tls], [['ca'], { insecure: true }])
  })

  it('is closed by Escape, and used by keys alone', async () => {
    await openNew()
    await panel.page.keyboard.type('ws://localhost:3000/')
    await panel.page.keyboard.press('Escape')
    await form().waitFor({ state: 'detached' })
    await panel.page.getByRole('button', { name: 'More options…' }).press('Enter')
    await form().locator('input:focus').waitFor()
    await panel.page.keyboard.type('ws://localhost:3000/')
    await panel.page.keyboard.press('Enter')
    assert.equal((await connected())[0]?.spec.url, 'ws://localhost:3000/')
  })

  for (const width of [600, 1400])
    it(`has no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      if (width === 1400) await openKnown({ width })
      else {
        await openNew({ width })
        await form().getByRole('combobox', { name: 'Protocol', exact: true }).selectOption('stomp')
      }
      await panel.painted()
      await inEachTheme(panel.page, `connect-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
