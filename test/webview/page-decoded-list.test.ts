/** What the list says of decoded messages: real recordings and a real server, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { ROOT } from '../../scripts/paths.ts'
import { becomes } from '../support/eventually.ts'
import { serveWebSocket } from '../support/loopback.ts'
import type { LivePanel } from './live/live-panel.ts'
import { panelOpener } from './live/live-panel.ts'
import { seriousIssues } from './preview/axe.ts'

const recording = (name: string) => join(ROOT, 'test/fixtures/recordings', `${name}.rtsession`)

const exactly = (text: string) => new RegExp(`^${text.replaceAll(/[^\w ]/g, '\\$&')}$`)

describe('decoded messages in the list', () => {
  const openPanel = panelOpener()
  let panel: LivePanel

  const cell = (index: number, column: string) =>
    panel.page.locator(`[data-event="${index}"] .column-${column}`)
  const says = (index: number, column: string, text: string | RegExp) =>
    cell(index, column)
      .filter({ hasText: typeof text === 'string' ? exactly(text) : text })
      .waitFor()
  const heartbeats = () => panel.page.getByRole('button', { name: /^Heartbeats: / })

  const open = async (name: string) => {
    panel = await openPanel({ file: recording(name), width: 1400 })
    await panel.page.getByRole('grid').focus()
    await panel.page.keyboard.press('Home')
  }

  it('name Socket.IO packets in its words, with the time on the acknowledgement', async () => {
    await open('socketio')
    await says(6, 'type', 'EVENT sum → ack')
    await says(6, 'preview', '20, 22')
    assert.equal(await cell(6, 'latency').textContent(), '')
    await says(7, 'type', 'ACK sum')
    await says(7, 'latency', /^8\.6\sms$/)
    await cell(7, 'type').locator('.codicon-reply').waitFor()
    await says(18, 'type', 'CONNECT /admin')
    await says(5, 'preview', '{id: 7, rooms: [lobby]}, Q8YcQCB')
    await becomes(() => cell(5, 'preview').locator('.key').allTextContents(), ['id: ', 'rooms: '])
    assert.deepEqual(await seriousIssues(panel.page), [])
  })

  it('name MQTT packets, show what they carry, and count the packets of a message', async () => {
    await open('mqtt')
    for (let at = 0; at < 20; at++) await panel.page.keyboard.press('ArrowDown')
    await panel.page.keyboard.press('PageDown')
    await says(31, 'type', 'SUBSCRIBE sensors/#, chat/+, cmd')
    await says(32, 'type', /^SUBACK /)
    await says(33, 'type', 'PUBLISH chat/ret')
    await says(33, 'preview', 'keep: true')
    await open('nats')
    await says(6, 'preview', /^\d+ packets {2}subject: chat/)
  })

  it('are marked as parts if a packet goes on after them, which the tooltip says', async () => {
    await open('mqtt')
    await says(2, 'type', 'part')
    await says(2, 'preview', /^10\b/)
    await cell(2, 'type').locator('.codicon-ellipsis').waitFor()
    await cell(2, 'type').hover()
    await cell(2, 'type').locator('[title="Part of a packet that ends in #19"]').waitFor()
    await cell(2, 'type').click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Filter Out Type binary' }).waitFor()
    await panel.page.keyboard.press('Escape')
    await says(18, 'type', 'CONNECT')
    await cell(18, 'type').hover()
    assert.equal(await cell(18, 'type').locator('[title]').count(), 0)
    for (let at = 0; at < 20; at++) await panel.page.keyboard.press('ArrowDown')
    await panel.page.keyboard.press('End')
    await panel.page.keyboard.press('Home')
    await says(4, 'type', 'part')
    assert.deepEqual(await seriousIssues(panel.page), [])
  })

  it('are marked as parts as they arrive', async () => {
    const pieces = [[0x30], [0x06], [0, 3, 0x61, 0x2f], [0x62], [0x21, 0x30, 0x06, 0, 1, 0x61]]
    const url = await serveWebSocket((socket) => {
      const send = () => {
        const piece = pieces.shift()
        if (piece !== undefined) socket.send(Buffer.from(piece))
      }
      send()
      socket.on('message', send)
    })
    panel = await openPanel({ width: 1400 })
    const id = await panel.connect({ url, subprotocols: ['mqtt'] })
    const next = () => panel.engine.handlers.send({ id, message: { text: 'c000', format: 'hex' } as never })
    const types = (type: string) =>
      panel.page.locator('.tone-quiet:has(.codicon-ellipsis), .tone-in').locator('.column-type', {
        hasText: new RegExp(`^${type}$`),
      })
    await becomes(() => types('part').count(), 1)
    for (const count of [2, 3, 4]) {
      await next()
      await becomes(() => types('part').count(), count)
    }
    await types('part').last().hover()
    await types('part').last().locator('[title="Part of a packet"]').waitFor()
    await next()
    await types('PUBLISH a/b').waitFor()
    assert.equal(await types('part').count(), 4)
  })

  it('name GraphQL operations, with the time only on the first answer', async () => {
    await open('graphqlws')
    await says(4, 'type', 'subscribe H')
    await says(5, 'type', 'next H')
    await says(5, 'latency', /^2\.7\sms$/)
    await says(6, 'type', 'complete H')
    await says(5, 'preview', 'hello: hello Zoë')
    assert.equal(await cell(6, 'latency').textContent(), '')
  })

  it('name the tool of an MCP call, in a column that has room for it, else in a tooltip', async () => {
    await open('mcp')
    for (let at = 0; at < 27; at++) await panel.page.keyboard.press('ArrowDown')
    const call = cell(27, 'type')
    await says(27, 'type', 'response tools/call count')
    const isCut = () => call.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    assert.deepEqual([await isCut(), await call.getAttribute('title')], [false, null])
    await panel.page.setViewportSize({ width: 480, height: 800 })
    await panel.page.locator('[data-event="27"] .column-type[title="response tools/call count"]').waitFor()
    assert.equal(await isCut(), true)
  })

  it('find what is in the payload but not in the decoded line', async () => {
    await open('graphqlws')
    await panel.page.getByRole('combobox', { name: 'Filter' }).fill('"complete"')
    await cell(6, 'preview').locator('mark', { hasText: 'complete' }).waitFor()
  })

  it('dim heartbeats, hide and show them with one button, and keep the choice', async () => {
    const url = await serveWebSocket((socket) => {
      socket.send('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}')
      socket.on('message', (data) => {
        const text = data.toString()
        if (text === '40') socket.send('40{"sid":"b"}')
        if (text.startsWith('421')) return
        if (text.startsWith('42')) socket.send(`43${text.slice(2, 3)}["ok"]`)
        if (text === '3') socket.send('42["after"]')
      })
    })
    panel = await openPanel({ width: 1400 })
    const id = await panel.connect({ url: `${url.replace(/\/$/, '')}/socket.io/?EIO=4&transport=websocket` })
    const send = (text: string) =>
      panel.engine.handlers.send({ id, message: { text, format: 'text' } as never })
    await panel.page.getByText('open', { exact: true }).first().waitFor()
    await send('40')
    await send('420["sum",1]')
    await send('421["kick"]')
    const rows = panel.page.locator('[data-event]')
    const kick = rows.filter({ hasText: 'EVENT kick → ack' })
    await kick.locator('.missing', { hasText: 'no ack' }).waitFor()
    await send('3')
    const pong = rows.filter({ has: panel.page.locator('.column-type', { hasText: /^pong$/ }) })
    await pong.waitFor()
    assert.match((await pong.getAttribute('class')) ?? '', /tone-control/)
    await rows.filter({ hasText: 'EVENT after' }).waitFor()
    await becomes(() => heartbeats().textContent(), 'dimmed')
    await heartbeats().click()
    await pong.waitFor({ state: 'detached' })
    await kick.waitFor()
    await becomes(() => heartbeats().textContent(), 'hidden')
    assert.equal(await panel.page.getByRole('combobox', { name: 'Filter' }).inputValue(), '')
    await panel.page.reload()
    await kick.waitFor()
    await pong.waitFor({ state: 'detached' })
    await becomes(() => heartbeats().textContent(), 'hidden')
    await heartbeats().click()
    await pong.waitFor()
    await becomes(() => heartbeats().textContent(), 'shown')
  })
})
