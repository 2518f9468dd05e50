/** The details of events in the built page: a real server, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import { ARTIFACTS } from '../../scripts/paths.ts'
import { becomes, eventually } from '../support/eventually.ts'
import { closeServers, serveHttp, serveWebSocket } from '../support/loopback.ts'
import { LivePanel } from './live/live-panel.ts'
import { png } from './live/media.ts'
import { seriousIssues } from './preview/axe.ts'
import { inEachTheme } from './preview/each-theme.ts'

const trade = (price: string) =>
  `{"type":"trade","price":${price},"seq":12345678901234567890,"venue":{"id":"XETR","lit":true},"legs":[1,2,3]}`

/** Events of a connection before its first message: `connect` and `open`. */
const FIRST = 2

describe('the details of an event', () => {
  let live: LivePanel
  let peer: WebSocket
  let id: number

  const button = (name: string | RegExp) => live.page.getByRole('button', { name, exact: true })
  const callsTo = (method: string) =>
    live.calls.filter((call) => call.method === method).map(({ params }) => params)
  const active = () => live.page.locator('.tree-row[aria-selected=true]')
  const item = (text: string | RegExp) => live.page.getByRole('treeitem').filter({ hasText: text })

  async function start(width = 1280): Promise<void> {
    live = await LivePanel.open({ width })
    const connected = new Promise<WebSocket>((resolve) => {
      serveWebSocket(resolve).then(async (url) => {
        id = await live.connect({ url })
      })
    })
    peer = await connected
  }

  /** Makes the peer send, and selects the last event. */
  async function receive(...messages: (string | Buffer)[]): Promise<void> {
    for (const message of messages) peer.send(message)
    const last = FIRST + messages.length - 1
    await live.page.locator(`[data-event="${last}"]`).waitFor()
    await live.select(last)
  }

  /** Waits until the page has called a method of the editor. */
  async function asked(method: string): Promise<unknown> {
    for (;;) {
      const params = callsTo(method).at(-1)
      if (params !== undefined) return params
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  afterEach(async () => {
    await live.close()
    closeServers()
    assert.deepEqual(live.errors, [])
  })

  it('show what is odd about a record', async () => {
    live = await LivePanel.open({ theme: 'dark', width: 1280 })
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=b' })
      response.end('Content-Type: text/plain\r\n\r\none\r\n--b--\r\n')
    })
    await live.connect({ url })
    await live.page.locator(`[data-event="${FIRST}"]`).waitFor()
    await live.select(FIRST)
    await live.page.getByText('it is not preceded by a boundary').waitFor()
  })

  it('show JSON as a tree with its original digits, with keys to move and copy', async () => {
    await start()
    await receive(trade('102.10'))
    const { keyboard } = live.page
    await live.page.getByRole('tree').focus()
    await active().filter({ hasText: '5 keys' }).waitFor()
    await becomes(() => item('"seq"').textContent(), '"seq": 12345678901234567890')
    await becomes(() => item('"price"').textContent(), '"price": 102.10')
    for (let i = 0; i < 4; i++) await keyboard.press('ArrowDown')
    await active().filter({ hasText: '"venue"' }).waitFor()
    await becomes(() => active().getAttribute('aria-expanded'), 'true')
    await becomes(() => active().getAttribute('aria-level'), '2')
    await becomes(() => active().getAttribute('aria-posinset'), '4')
    await keyboard.press('ArrowLeft')
    await becomes(() => active().textContent(), '"venue": { 2 keys }')
    await keyboard.press('Control+c')
    assert.deepEqual(await asked('copy'), { text: '{\n  "id": "XETR",\n  "lit": true\n}' })
    await keyboard.press('Enter')
    await keyboard.press('ArrowRight')
    await live.page.getByText('$.venue.id').waitFor()
    await button('Copy Path').click()
    await becomes(() => callsTo('copy').at(-1), { text: '$.venue.id' })
    await button('Copy Value').click()
    await becomes(() => callsTo('copy').at(-1), { text: 'XETR' })
    await item('"legs"').click()
    await becomes(() => item('"legs"').textContent(), '"legs": [ 3 items ]')
    await live.page.screenshot({ path: join(ARTIFACTS, 'detail-tree.png') })
  })

  it('show JSON as text, with or without wrapped lines, and keep the choice', async () => {
    await start()
    await receive(`{"long":"${'word '.repeat(200)}"}`, trade('1'))
    await button('Text').click()
    await live.page.locator('pre.payload').waitFor()
    await live.select(FIRST)
    const text = live.page.locator('pre.payload')
    await text.getByText('"long"').waitFor()
    const width = () => text.evaluate((pre) => (pre as unknown as { scrollWidth: number }).scrollWidth)
    const broken = await width()
    await button('Wrap').click()
    await live.page.locator('pre.payload.is-unwrapped').waitFor()
    assert.ok((await width()) > broken * 2)
    await button('Tree').click()
    await live.page.getByRole('tree').waitFor()
  })

  it('open, compare, copy and save the payload in the editor', async () => {
    await start()
    await receive(trade('1'), '{"type":"quote"}', trade('2'))
    const index = FIRST + 2
    await button('Open in editor').click()
    assert.deepEqual(await asked('openPayload'), { index })
    await button('previous “trade”').click()
    assert.deepEqual(await asked('comparePayloads'), { left: FIRST, right: index })
    await button('Save payload…').click()
    assert.deepEqual(await asked('savePayload'), { index, whole: false })
    await button('Explain this').click()
    assert.deepEqual(await asked('explainEvent'), { index })
    for (const form of ['JSON', 'text', 'hex', 'base64', 'websocat']) await button(form).click()
    await becomes(
      () => callsTo('copyAs').map((params) => (params as { form: string }).form),
      ['json', 'text', 'hex', 'base64', 'websocat'],
    )
    await becomes(() => callsTo('noteSelection').at(-1), { index, previous: FIRST })
    await live.page.locator(`[data-event="${FIRST + 1}"]`).click({ modifiers: ['Control'] })
    await button(`the other selected, #${index + 1}`).click()
    await becomes(() => callsTo('comparePayloads').at(-1), { left: index, right: FIRST + 1 })
  })

  it('show how common similar messages are, and how large', async () => {
    await start()
    await receive(trade('1'), '{"type":"quote"}', trade('1000'), trade('2'))
    const size = trade('1').length
    await live.page.getByText(`2 of the 3 before: “trade” · median ${size} B`).waitFor()
  })

  it('show how long a response took, and link to it', async () => {
    await start()
    peer.on('message', () => peer.send('{"jsonrpc":"2.0","id":7,"result":true}'))
    await live.page.locator('[data-event="1"]').waitFor()
    await live.engine.handlers.send({
      id,
      message: { format: 'text', text: '{"jsonrpc":"2.0","id":7,"method":"go"}', variables: {} },
    })
    await live.page.locator(`[data-event="${FIRST + 1}"]`).waitFor()
    await live.select(FIRST)
    await live.page.getByRole('tab', { name: 'Timing' }).click()
    await button(/^by #4 after .+ · as its protocol says$/).click()
    await live.page.locator(`[data-event="${FIRST + 1}"][aria-selected=true]`).waitFor()
    await button(/^#3, .+ before · as its protocol says$/).waitFor()
  })

  it('show the phases of each cycle of a poll, and of the message that it brought', async () => {
    live = await LivePanel.open({ theme: 'dark', width: 1280 })
    const url = await serveHttp((_request, response) => {
      response.end('news')
    })
    await live.connect({ url, transport: 'poll', interval: 3_600_000 })
    // A request, open, the response and its message.
    await live.page.locator('[data-event="4"]').waitFor()
    await live.select(3)
    await live.page.getByRole('tab', { name: 'Timing' }).click()
    await live.page.getByText(/^Up to the first byte: /).waitFor()
    await live.page.getByText('Head of the response').waitFor()
    await live.page.locator('.waterfall-track .part-tcp').waitFor()
    await live.select(4)
    await live.page.getByText('On the wire').waitFor()
    await live.page.locator('.waterfall-track .part-firstByte').waitFor()
  })

  it('show request and response of the event, or of the connection of a message', async () => {
    await start()
    await live.page.locator('[data-event="1"]').waitFor()
    const connected = new Promise<void>((resolve) => {
      serveWebSocket((socket) => {
        socket.send('hello')
        resolve()
      }).then((url) => live.connect({ url, headers: { 'X-Trace': '17' }, subprotocols: ['feed.v2'] }))
    })
    await connected
    await live.page.locator('[data-event="4"]').waitFor()
    await live.select(4)
    await live.page.getByRole('tab', { name: 'Headers' }).click()
    const entries = async () =>
      Object.fromEntries(
        await live.page
          .locator('.entries > div')
          .evaluateAll((all) =>
            (all as unknown as { children: { textContent: string }[] }[]).map(({ children }) => [
              children[0]?.textContent,
              children[1]?.textContent,
            ]),
          ),
      )
    await live.page.getByText('Your headers').waitFor()
    await eventually(async () => {
      const ofMessage = await entries()
      assert.match(ofMessage.URL ?? '', /^ws:/)
      assert.equal(ofMessage['X-Trace'], '17')
      assert.equal(ofMessage.Status, '101')
      assert.equal(ofMessage['Subprotocols offered'], 'feed.v2')
      assert.match(ofMessage['sec-websocket-accept'] ?? '', /=$/)
    })
    await live.select(0)
    await live.page.getByText('Headers received').waitFor({ state: 'detached' })
    await live.page.locator('.entries dt', { hasText: 'URL' }).waitFor()
    await eventually(async () => {
      const { URL, Status } = await entries()
      assert.match(URL ?? '', /^ws:/)
      assert.equal(Status, undefined)
    })
  })

  it('show an image, and never run scripts in an SVG', async () => {
    await start()
    await receive(png(30, 20, [9, 99, 200]))
    await live.page.getByRole('tab', { name: 'Watch' }).waitFor()
    await live.page.getByRole('tab', { name: 'Payload' }).click()
    await live.page.getByText('image/png · 30 × 20').waitFor()
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="top.ran = true"><script>top.ran = true</script></svg>'
    peer.send(svg)
    await live.page.locator(`[data-event="${FIRST + 1}"]`).waitFor()
    await live.select(FIRST + 1)
    await live.page.getByText('image/svg+xml · 40 × 40').waitFor()
    await live.page.locator('pre.payload').getByText('onload').waitFor()
    assert.equal(await live.page.evaluate(() => 'ran' in globalThis), false)
  })

  it('load a long payload in part, then completely', async () => {
    await start()
    const rows = Array.from({ length: 30_000 }, (_, i) => `{"n":${i},"text":"row ${i}"}`)
    await receive(`[${rows.join()}]`)
    await live.page.getByText(/The first 262\skB of \d+\skB/).waitFor()
    assert.equal(await live.page.getByRole('tree').count(), 0)
    await button('Load all').click()
    await live.page.getByRole('tree').waitFor()
    await becomes(() => live.page.getByRole('treeitem').count(), 202)
    await live.page.getByText('Show 200 more').click()
    await item(/^399: /).waitFor()
    await becomes(() => live.page.getByRole('treeitem').count(), 402)
  })

  it('are accessible in any theme, narrow and wide', async () => {
    await start()
    await receive(trade('1'), trade('2'))
    await live.page.getByRole('tree').focus()
    await live.page.keyboard.press('ArrowDown')
    await inEachTheme(live.page, 'detail', async (theme) => {
      assert.deepEqual(await seriousIssues(live.page, theme), [])
    })
    await live.page.setViewportSize({ width: 500, height: 800 })
    await button('Save payload…').scrollIntoViewIfNeeded()
    await inEachTheme(live.page, 'detail-narrow', async (theme) => {
      assert.deepEqual(await seriousIssues(live.page, theme), [])
    })
  })
})
