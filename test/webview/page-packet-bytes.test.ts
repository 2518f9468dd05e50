/** The bytes of packets in the details: real recordings, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { ROOT } from '../../scripts/paths.ts'
import { becomes } from '../support/eventually.ts'
import { type LivePanel, panelOpener } from './live/live-panel.ts'
import { seriousIssues } from './preview/axe.ts'
import { inEachTheme } from './preview/each-theme.ts'

describe('the bytes of packets in the details', () => {
  const openPanel = panelOpener()
  let panel: LivePanel

  const details = () => panel.page.getByRole('region', { name: 'Details' })
  const packets = () => details().locator('.packet-bytes')
  const fields = (at = 0) => packets().nth(at).getByRole('listitem')
  const marked = (scope: Locator) => scope.locator('.hex-line > span:nth-child(2) > .hex-marked')
  const textsOf = async (all: Locator) => (await all.allTextContents()).map((text) => text.trim())

  async function open(name: string, index: number, { width = 1400 }: { width?: number } = {}): Promise<void> {
    const file = join(ROOT, 'test/fixtures/recordings', `${name}.rtsession`)
    panel = await openPanel({ file, width })
    await panel.page.getByRole('grid').focus()
    await panel.page.keyboard.press('Home')
    await panel.page.locator('[data-event="0"]').waitFor()
    for (let at = 0; at < index; at++) await panel.page.keyboard.press('ArrowDown')
    await panel.page.locator(`[data-event="${index}"]`).waitFor()
    await panel.select(index)
    await packets().first().waitFor()
  }

  it('have their fields with names', async () => {
    await open('socketio', 7)
    assert.deepEqual(await textsOf(fields().locator('.byte-field-text')), ['4', '3', '0', '42'])
    assert.deepEqual(await textsOf(fields().locator('.byte-field-name')), [
      'message',
      'ACK',
      'ack id',
      'argument',
    ])
    await packets().getByText('Packet, 7 B').waitFor()
    const [line] = await textsOf(packets().locator('.hex-line'))
    assert.equal(line?.replace(/\s+/g, ' '), '0000000034 33 30 5b 34 32 5d 430[42]')
  })

  it('are marked together with the value that they have', async () => {
    await open('socketio', 7)
    const values = details().getByRole('treeitem')
    await values.last().hover()
    await marked(packets()).waitFor()
    assert.deepEqual(await textsOf(marked(packets())), ['34 32'])
    assert.equal(await fields().last().locator('.is-marked').count(), 1)
    await fields().nth(1).getByRole('button').focus()
    assert.deepEqual(await textsOf(marked(packets())), ['33'])
    await fields().last().getByRole('button').focus()
    await details().locator('.tree-row.is-marked').waitFor()
    assert.deepEqual(await textsOf(details().locator('.tree-row.is-marked')), ['0: 42'])
    await packets().locator('.hex-line span', { hasText: /^30$/ }).hover()
    assert.deepEqual(await textsOf(marked(packets())), ['30'])
    assert.equal(await details().locator('.tree-row.is-marked').count(), 0)
  })

  it('are found in messages that are JSON', async () => {
    await open('graphqlws', 5)
    await details().getByRole('treeitem').filter({ hasText: '"hello Zoë"' }).last().hover()
    await marked(packets()).first().waitFor()
    const hex = (await textsOf(marked(packets()))).join(' ').split(/\s+/)
    assert.equal(Buffer.from(hex.join(''), 'hex').toString(), '"hello Zoë"')
  })

  it('are shown in the hex view, where they are marked', async () => {
    await open('socketio', 7, { width: 600 })
    await fields().last().getByRole('button').click()
    await details().getByText('ACK sum, argument: bytes 4 to 5').waitFor()
    assert.equal(await details().getByRole('tab', { name: 'Hex' }).getAttribute('aria-selected'), 'true')
    assert.deepEqual(await textsOf(marked(details())), ['34 32'])
    await panel.page.locator('[role=tabpanel]:focus').waitFor()
    assert.deepEqual(await seriousIssues(panel.page), [])
    await details().getByRole('button', { name: 'Remove Mark' }).click()
    await marked(details()).waitFor({ state: 'detached' })
    await details().getByRole('tab', { name: 'Decoded' }).click()
    await packets().getByRole('button', { name: 'Show in Hex' }).click()
    await details().getByText('ACK sum: bytes 0 to 6').waitFor()
  })

  it('are those of each packet if a message has several', async () => {
    await open('nats', 7)
    assert.equal(await packets().count(), 4)
    assert.deepEqual((await textsOf(fields(0).locator('.byte-field-text'))).at(-1), 'hi ✓')
    assert.deepEqual((await textsOf(fields(1).locator('.byte-field-text'))).slice(0, 2), ['HMSG', 'chat.b'])
    await packets().nth(1).getByRole('button', { name: 'Show in Hex' }).click()
    await details()
      .getByText(/^HMSG chat\.b: bytes \d+ to \d+/)
      .waitFor()
  })

  it('say which packet they are a part of, and where that ends', async () => {
    await open('mqtt', 5)
    await details().getByRole('heading', { name: 'Part of CONNECT' }).waitFor()
    await packets().getByText('Middle of the packet, 4 B').waitFor()
    await details()
      .getByRole('button', { name: /^↑ #\d+$/ })
      .click()
    await details().getByRole('heading', { name: 'CONNECT', exact: true }).waitFor()
    await packets().getByText('Packet, 48 B').waitFor()
    assert.deepEqual(await seriousIssues(panel.page), [])
  })

  it('are put together from the messages of a packet, each a click away', async () => {
    await open('mqtt', 18)
    await details().getByText('in 17 messages').waitFor()
    assert.deepEqual((await textsOf(fields(0).locator('.byte-field-name'))).slice(0, 3), [
      'CONNECT',
      'remaining length',
      'protocol name length',
    ])
    const parts = packets().getByRole('list', { name: 'Messages of the packet' }).getByRole('button')
    assert.deepEqual((await textsOf(parts)).slice(0, 3), ['#3', '#4', '#5'])
    assert.equal(await parts.count(), 17)
    const starts = packets().locator('.hex-line > span:nth-child(2) > .hex-start')
    assert.equal(await starts.count(), 16)
    assert.equal(await starts.first().getAttribute('title'), '#4 begins')
    await parts.nth(3).focus()
    assert.deepEqual(await textsOf(marked(packets())), ['4d 51 54 54'])
    await details().getByRole('treeitem').filter({ hasText: '"tester"' }).last().hover()
    assert.equal(
      Buffer.from((await textsOf(marked(packets()))).join(' ').replaceAll(/\s/g, ''), 'hex').toString(),
      'tester',
    )
    await parts.nth(3).click()
    await panel.page.locator('[data-event="5"][aria-selected=true]').waitFor()
    await details().getByRole('heading', { name: 'Part of CONNECT' }).waitFor()
  })

  it('are shown further if a packet is long and its messages have only parts of it', async () => {
    await open('mqtt-big-aedes', 23)
    const lines = packets().locator('.hex-line')
    await becomes(() => lines.count(), 16)
    const more = packets().getByRole('button', { name: 'Show More' })
    await more.click()
    await becomes(() => lines.count(), 128)
    await more.click()
    await becomes(() => lines.count(), 1024)
    await more.click()
    await more.waitFor({ state: 'detached' })
    assert.equal(await packets().locator('.packet-more').count(), 0)
  })

  it('are found in the hex view of the message in which they begin', async () => {
    await open('mqtt', 18)
    await fields(0)
      .getByRole('button', { name: /^tester/ })
      .click()
    await panel.page.locator('[data-event="10"][aria-selected=true]').waitFor()
    await details().getByText('CONNECT, client id: bytes 0 to 5').waitFor()
    assert.deepEqual(await textsOf(marked(details())), ['74 65 73 74 65 72'])
  })

  for (const width of [600, 1400])
    it(`are accessible with the messages of a packet in any theme, ${width} pixels wide`, async () => {
      await open('mqtt', 18, { width })
      await packets().getByRole('list', { name: 'Messages of the packet' }).waitFor()
      await packets().locator('.packet-messages').getByRole('button').nth(12).focus()
      await marked(packets()).first().waitFor()
      await inEachTheme(panel.page, `joined-packet-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })

  for (const width of [600, 1400])
    it(`are accessible with marks in any theme, ${width} pixels wide`, async () => {
      await open('stomp', 6, { width })
      await fields().first().getByRole('button').focus()
      await marked(packets()).first().waitFor()
      await inEachTheme(panel.page, `packet-bytes-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
