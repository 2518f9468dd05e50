/** What the page says and offers where a connection fails, in a browser. */
import assert from 'node:assert/strict'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'
import { type Story, tell } from './preview/story.ts'

const REFUSED: Partial<ConnectionStatus> = {
  url: 'wss://chat.example.com/chat?room=dev&token=***',
  state: 'failed',
  error:
    'wss://chat.example.com/chat?room=dev&token=*** answered 401 Unauthorized: token_expired; give credentials, for example an Authorization header.',
  errorCode: 'HTTP_STATUS',
}
const UNTRUSTED: Partial<ConnectionStatus> = {
  url: 'wss://devbox:3000/feed',
  state: 'failed',
  error:
    'Connecting to wss://devbox:3000/feed failed: the certificate of devbox:3000 is self-signed; have this machine trust it.',
  errorCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
}
const COMPLETE: Partial<ConnectionStatus> = {
  url: 'https://api.example.com/status',
  transport: 'http-stream',
  state: 'failed',
  error:
    'https://api.example.com/status answered with a complete response (200, 12 B), not a stream; name one.',
  errorCode: 'PLAIN_RESPONSE',
}

/** The story in which the first connections fail. */
function failing(...failures: readonly Partial<ConnectionStatus>[]): Story {
  const story = tell()
  return {
    ...story,
    connections: story.connections.map((each, i) => ({ ...each, ...failures[i], since: 1000 + i })),
  }
}

describe('the failure of a connection in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const bar = (text: string | RegExp) => panel.page.locator('.failure').filter({ hasText: text })
  const errors = () => {
    const { page } = panel
    return page.locator('[data-event]', { has: page.locator('.column-type', { hasText: /^error$/ }) })
  }
  const chip = () => panel.page.getByRole('list', { name: 'Connections' }).getByRole('listitem').first()

  it('says first why, in the chip and in a bar, with what to do', async () => {
    panel = await browser.open({ story: failing(REFUSED) })
    await chip().getByText('401 Unauthorized: token_expired', { exact: true }).waitFor()
    const failure = bar('401 Unauthorized: token_expired')
    await failure.getByText('Give credentials, for example an Authorization header.').waitFor()
    await failure.getByRole('button', { name: /^Retry/ }).click()
    assert.deepEqual(await panel.called('reconnect'), [{ id: 1 }])
    await failure.getByRole('button', { name: /^Edit/ }).click()
    assert.deepEqual(await panel.called('openForm'), [{ source: { connection: 1 } }])
  })

  it('can be edited and retried at its chip', async () => {
    panel = await browser.open({ story: failing(REFUSED) })
    await chip()
      .getByRole('button', { name: /^Retry/ })
      .click()
    assert.deepEqual(await panel.called('reconnect'), [{ id: 1 }])
    await chip().getByRole('button', { name: /^Edit/ }).click()
    assert.deepEqual(await panel.called('openForm'), [{ source: { connection: 1 } }])
  })

  it('offers to connect in spite of a certificate, and says what that means', async () => {
    panel = await browser.open({ story: failing(UNTRUSTED) })
    const failure = bar('the certificate of devbox:3000 is self-signed')
    await failure.getByText('does not check who the server is, for this one connection').waitFor()
    await failure.getByRole('button', { name: 'Connect Anyway' }).click()
    assert.deepEqual(await panel.called('connectAs'), [{ id: 1, transport: null, insecure: true }])
    await failure.waitFor({ state: 'detached' })
  })

  it('does not offer that for another failure, or a certificate that was revoked', async () => {
    panel = await browser.open({ story: failing(REFUSED, { ...UNTRUSTED, errorCode: 'CERT_REVOKED' }) })
    await bar('self-signed').waitFor()
    assert.equal(await panel.page.getByRole('button', { name: 'Connect Anyway' }).count(), 0)
  })

  it('offers how to read a complete answer, in a bar that takes no keys', async () => {
    panel = await browser.open({ story: failing() })
    const filter = panel.page.getByRole('combobox', { name: 'Filter' })
    await filter.fill('size:>1')
    await panel.tell('say', COMPLETE)
    for (const name of ['Poll', 'Long-Poll', 'Stream'])
      await bar('complete at once')
        .first()
        .getByRole('button', { name: `Read It As ${name}` })
        .waitFor()
    assert.ok(await filter.evaluate((node) => node === node.ownerDocument.activeElement))
    await bar('complete at once').first().getByRole('button', { name: 'Read It As Long-Poll' }).click()
    const [call] = (await panel.called('connectAs')) as { transport: string; insecure: boolean }[]
    assert.deepEqual([call?.transport, call?.insecure], ['long-poll', false])
  })

  it("can be edited and retried in the row of its error, and in the row's menu", async () => {
    panel = await browser.open({ events: 300 })
    await panel.tell('say', REFUSED)
    // It moves the list.
    await panel.page.locator('.failure-count').waitFor()
    const row = errors().last()
    await row.hover()
    await row.getByRole('button', { name: /^Retry/ }).click()
    assert.deepEqual(await panel.called('reconnect'), [{ id: 3 }])
    await row.click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Retry' }).click()
    assert.equal((await panel.called('reconnect', 2)).length, 2)
    await row.click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Edit Connection…' }).waitFor()
    await panel.page.keyboard.press('Escape')
    await row.getByRole('button', { name: /^Edit/ }).click()
    assert.deepEqual(await panel.called('openForm'), [{ source: { connection: 3 } }])
  })

  it('can be edited and retried at its lane', async () => {
    panel = await browser.open({ story: failing({}, REFUSED) })
    const lane = panel.page.locator('.lane-actions')
    await panel.page.locator('.timeline').hover()
    await lane.getByRole('button', { name: /^Retry/ }).click()
    assert.deepEqual(await panel.called('reconnect'), [{ id: 2 }])
    await lane.getByRole('button', { name: /^Edit/ }).click()
    assert.deepEqual(await panel.called('openForm'), [{ source: { connection: 2 } }])
  })

  it('is one line of many in a narrow panel, which shows, retries or dismisses them all', async () => {
    panel = await browser.open({ story: failing(REFUSED, REFUSED, REFUSED, REFUSED), width: 600 })
    const line = panel.page.locator('.failure-count')
    await line.getByText('4 connections failed').waitFor()
    await line.getByText('401 Unauthorized: token_expired').waitFor()
    await becomes(() => bar('401').count(), 0)
    const { height } = (await panel.page.locator('.failures').boundingBox()) ?? assert.fail('it is shown')
    assert.ok(height <= 40, `${height} pixels`)
    await line.getByRole('button', { name: 'Retry All' }).click()
    assert.equal((await panel.called('reconnect', 4)).length, 4)
    await line.getByRole('button', { name: 'Show All' }).click()
    await becomes(() => bar('401').count(), 4)
    await line.getByRole('button', { name: 'Dismiss All' }).click()
    await line.waitFor({ state: 'detached' })
    await becomes(() => bar('401').count(), 0)
  })

  it('is gone when it is dismissed, and shows two at a time', async () => {
    panel = await browser.open({ story: failing(REFUSED, REFUSED, REFUSED, REFUSED) })
    await bar('401').nth(1).waitFor()
    assert.equal(await bar('401').count(), 2)
    for (let left = 4; left > 0; left--)
      await bar('401')
        .first()
        .getByRole('button', { name: /^Dismiss/ })
        .click()
    await becomes(() => bar('401').count(), 0)
  })

  for (const width of [600, 1400])
    it(`has no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      panel = await browser.open({ story: failing(REFUSED, UNTRUSTED), width })
      await bar('self-signed').waitFor()
      await inEachTheme(panel.page, `failures-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
      panel = await browser.open({ events: 300, width })
      await panel.tell('say', REFUSED)
      await panel.page.locator('.failure-count').waitFor()
      const row = errors().last()
      await inEachTheme(panel.page, `failures-many-${width}`, async (theme) => {
        await row.hover()
        await panel.painted()
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
