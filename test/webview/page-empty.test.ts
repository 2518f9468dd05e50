/** The page before the first connection, in a browser. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { ARTIFACTS } from '../../scripts/paths.ts'
import { becomes } from '../support/eventually.ts'
import { seriousIssues } from './preview/axe.ts'
import type { PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'

describe('the page before the first connection', () => {
  const browser = pageTests()
  let panel: PanelPage

  const url = () => panel.page.getByRole('textbox', { name: 'URL or words' })
  const alert = () => panel.page.locator('.url-form [role=alert]')
  const meaning = (text: string) => panel.page.locator('.url-form [role=status]').filter({ hasText: text })
  const calls = async (name: string) => (await panel.tell('calls')).filter(({ method }) => method === name)
  const recents = () => panel.page.getByRole('region', { name: 'Recent' }).getByRole('listitem')

  it('connects to a URL by Enter', async () => {
    panel = await browser.open({})
    await url().fill('  wss://feed.example/x ')
    await panel.page.keyboard.press('Enter')
    assert.deepEqual(await panel.called('connect'), [{ spec: { url: 'wss://feed.example/x' } }])
  })

  it('shows mistakes in a URL as it is typed, and does not connect to it', async () => {
    panel = await browser.open({})
    await url().pressSequentially('gopher://example.com/x')
    await alert().filter({ hasText: 'The scheme gopher: is not supported' }).waitFor()
    await panel.page.keyboard.press('Enter')
    await panel.page.getByRole('button', { name: 'Connect', exact: true }).click()
    assert.deepEqual(await calls('connect'), [])
    await url().fill('https://example.com/x')
    await alert().filter({ hasText: /^$/ }).waitFor({ state: 'attached' })
    await panel.page.getByRole('button', { name: 'Connect', exact: true }).click()
    assert.deepEqual(await panel.called('connect'), [{ spec: { url: 'https://example.com/x' } }])
  })

  it('connects as a pasted curl command says, and says what it leaves out', async () => {
    panel = await browser.open({})
    // Line ends of what is pasted are left out in a field of one line.
    await url().fill(
      `curl 'https://h/events' \\  -H 'accept: text/event-stream' \\  -H 'X-A: it'"'"'s' -F a=b`,
    )
    await meaning('Enter connects to https://h/events, as curl does. Multipart forms (-F) are not').waitFor()
    await panel.page.keyboard.press('Enter')
    assert.deepEqual(await panel.called('connect'), [
      { spec: { url: 'https://h/events', headers: { accept: 'text/event-stream', 'X-A': "it's" } } },
    ])
    await url().fill('curl -X GET')
    await alert().filter({ hasText: 'There is no curl command with a URL' }).waitFor()
  })

  it('says which URL is meant without a scheme', async () => {
    panel = await browser.open({})
    await url().fill('localhost:3000/feed')
    await meaning('Enter connects to ws://localhost:3000/feed').waitFor()
    await panel.page.keyboard.press('Enter')
    assert.deepEqual(await panel.called('connect'), [{ spec: { url: 'ws://localhost:3000/feed' } }])
  })

  it('finds recent connections by words before it takes them for a host', async () => {
    panel = await browser.open({})
    await recents().nth(3).waitFor()
    await url().fill('ops CHAT')
    await meaning('Enter connects to chat · room=ops').waitFor()
    await becomes(() => recents().count(), 1)
    await panel.page.keyboard.press('Enter')
    assert.deepEqual(await panel.called('connectRecent'), [{ recent: 1 }])
    await url().fill('devbox')
    await meaning('Enter connects to ws://devbox').waitFor()
    await url().fill('no such thing')
    await alert().filter({ hasText: 'No recent connection, request or preset has these words' }).waitFor()
  })

  it('lists recent connections by what differs, with technique, host and age', async () => {
    panel = await browser.open({})
    await recents().nth(3).waitFor()
    const [first, , third, last] = await recents().allInnerTexts()
    assert.match(first ?? '', /^chat · room=dev\s+WebSocket, localhost:3000\s+2 min/)
    assert.match(third ?? '', /^status\s+Poll, localhost:8080\s+1 h/)
    assert.match(last ?? '', /^events\s+SSE, staging.example.com, asks for its secrets\s+\w{3}/)
    await recents()
      .nth(2)
      .getByRole('button', { name: /^status/ })
      .click()
    assert.deepEqual(await panel.called('connectRecent'), [{ recent: 2 }])
    await recents().nth(2).getByRole('button', { name: 'Forget status' }).click()
    await recents().filter({ hasText: 'status' }).waitFor({ state: 'detached' })
  })

  it('finds presets by words, lists a few, and opens the list of all', async () => {
    panel = await browser.open({})
    const presets = panel.page.getByRole('region', { name: 'Presets' })
    await presets.getByRole('listitem').nth(2).waitFor()
    assert.match((await presets.getByRole('listitem').allInnerTexts()).join(), /^OpenAI.*\s+SSE,Socket\.IO/)
    await url().fill('mqtt')
    await meaning('Enter starts the preset MQTT over WebSocket').waitFor()
    await becomes(() => presets.getByRole('listitem').count(), 1)
    await panel.page.keyboard.press('Enter')
    await presets.getByRole('button', { name: 'All 4…' }).click()
    await url().fill('')
    await presets.getByRole('button', { name: /^Consul/ }).click()
    assert.deepEqual(await panel.called('connectPreset', 3), [
      { preset: 'mqtt' },
      { preset: null },
      { preset: 'consul' },
    ])
  })

  it('lists recordings with what is cheap to know, and opens them', async () => {
    panel = await browser.open({})
    const recordings = panel.page.getByRole('region', { name: 'Recordings' }).getByRole('listitem')
    await recordings.nth(1).waitFor()
    const [golden, har] = await recordings.allInnerTexts()
    assert.match(golden ?? '', /^golden\.rtsession\s+4 connections, 2m 10s, 1\.2\sMB/)
    assert.match(har ?? '', /^outage\.har\s+8\.4\sMB/)
    await recordings.nth(1).getByRole('button').click()
    await panel.page.getByRole('button', { name: 'Open a recording…' }).click()
    assert.deepEqual(await panel.called('openRecording', 2), [{ recording: 1 }, { recording: null }])
  })

  it('starts the demo, and opens the walkthrough', async () => {
    panel = await browser.open({})
    await panel.page.getByRole('button', { name: 'Start the demo' }).click()
    assert.deepEqual(await panel.called('startDemo'), [{ transport: null }])
    await panel.page.getByRole('button', { name: 'Walkthrough' }).click()
    assert.deepEqual(await panel.called('openWalkthrough'), [null])
  })

  it('starts a recording proxy', async () => {
    panel = await browser.open({})
    await panel.page.getByRole('button', { name: 'Record your own app…' }).click()
    assert.deepEqual(await panel.called('startProxy'), [null])
  })

  it('takes what was typed into the form of a connection', async () => {
    panel = await browser.open({})
    await url().fill('wss://h/x')
    await panel.page.getByRole('button', { name: 'More options…' }).click()
    assert.deepEqual(await panel.called('openForm'), [{ source: { url: 'wss://h/x' } }])
  })

  for (const width of [600, 1400])
    it(`is laid out ${width} pixels wide`, async () => {
      panel = await browser.open({ width, height: 900 })
      await recents().nth(3).waitFor()
      await panel.page.screenshot({ path: join(ARTIFACTS, `empty-${width}.png`) })
      const beyond = await panel.page.locator('.empty').evaluate((node) => {
        const { scrollWidth, clientWidth } = node as unknown as { scrollWidth: number; clientWidth: number }
        return scrollWidth - clientWidth
      })
      assert.equal(beyond, 0)
    })

  it('has no serious accessibility issue in any theme', async () => {
    panel = await browser.open({ width: 500 })
    await url().fill('gopher://x')
    await alert().filter({ hasText: 'not supported' }).waitFor()
    await inEachTheme(panel.page, 'empty', async (theme) => {
      assert.deepEqual(await seriousIssues(panel.page, theme), [])
    })
  })
})
