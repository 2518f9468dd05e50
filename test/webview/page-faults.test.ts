/** Faults on purpose in a browser: of a connection through a recording proxy, and the messages that it holds. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { ARTIFACTS } from '../../scripts/paths.ts'
import { FAULTED_MESSAGE } from '../../src/shared/event-columns.ts'
import type { HeldMessage, ProxyStatus } from '../../src/shared/protocol/traffic.ts'
import { seriousIssues } from './preview/axe.ts'
import type { OpenOptions, PanelPage } from './preview/driver.ts'
import { inEachTheme } from './preview/each-theme.ts'
import { pageTests } from './preview/page-tests.ts'
import { type Story, tell } from './preview/story.ts'

const PROXY: ProxyStatus = {
  id: 4,
  listening: 'http://127.0.0.1:8080/',
  target: 'http://feed.example',
  passed: { requests: 0, bytes: 0 },
  faults: [],
}

const held = (id: number, text: string | undefined, direction: 'in' | 'out' = 'in'): HeldMessage => ({
  id,
  connection: 1,
  direction,
  opcode: text === undefined ? 'binary' : 'text',
  size: text?.length ?? 9000,
  ...(text !== undefined && { text }),
})

/** The story, in which the first connection goes through the proxy, and faults hit every third of its messages. */
function proxied(): Story {
  const story = tell()
  const [first, ...others] = story.connections
  assert.ok(first)
  return {
    ...story,
    columns: {
      ...story.columns,
      kind: story.columns.kind.map((kind, at) =>
        story.columns.connection[at] === 1 && story.previews[at]?.payloadName === 'trade' && at % 3 === 0
          ? kind | FAULTED_MESSAGE
          : kind,
      ),
    },
    connections: [{ ...first, source: 'proxy', through: PROXY.id, state: 'open' }, ...others],
  }
}

describe('faults on purpose in a browser', () => {
  const browser = pageTests()
  let panel: PanelPage

  const bar = () => panel.page.getByRole('region', { name: 'Faults on Purpose' })
  const button = (name: string) => bar().getByRole('button', { name, exact: true })
  const faults = () => bar().getByRole('list', { name: 'Faults on Purpose' }).getByRole('listitem')
  const heldRows = () => bar().getByRole('list', { name: 'Held messages' }).getByRole('listitem')
  const press = (key: string) => panel.page.keyboard.press(key)
  const face = (at: number) => panel.page.locator('.chip.connection').nth(at).locator('.connection-face')

  async function open(proxy: Partial<ProxyStatus> = {}, options: OpenOptions = {}): Promise<void> {
    panel = await browser.open({ story: proxied(), ...options })
    await panel.tell('runProxies', [{ ...PROXY, ...proxy }])
  }

  async function openBar(): Promise<void> {
    await face(0).click({ button: 'right' })
    await panel.page.getByRole('menuitemcheckbox', { name: 'Faults on Purpose…' }).click()
    await bar().waitFor()
  }

  const set = (...given: unknown[]) => ({ proxy: PROXY.id, connection: 1, faults: given })

  it('takes a preset, adds a fault to it, removes one and clears them', async () => {
    await open()
    await openBar()
    await button('slow-3g').click()
    await faults().getByText('throttle=50000').waitFor()
    await bar().getByRole('combobox', { name: 'What the fault does' }).selectOption('Drop')
    await bar().getByRole('textbox', { name: 'Value of the fault' }).fill('10%')
    await bar().getByRole('textbox', { name: 'Filter for the messages' }).fill('$.type == "trade"')
    await button('Add Fault').click()
    await faults().getByText('drop=0.1,match=$.type == "trade"').waitFor()
    await button('Remove the fault delay=200').click()
    await faults().getByText('delay=200').waitFor({ state: 'detached' })
    await button('Clear').click()
    await faults().first().waitFor({ state: 'detached' })
    const delay = { kind: 'delay', value: 200 }
    const throttle = { kind: 'throttle', value: 50_000 }
    const drop = { kind: 'drop', value: 0.1, match: '$.type == "trade"' }
    assert.deepEqual(await panel.called('setFaults', 4), [
      set(delay, throttle),
      set(delay, throttle, drop),
      set(throttle, drop),
      set(),
    ])
    await button('Cut Now').click()
    assert.deepEqual(await panel.called('cut'), [{ connection: 1 }])
  })

  it('says what a value must be, and adds nothing until it is valid', async () => {
    await open()
    await openBar()
    const value = bar().getByRole('textbox', { name: 'Value of the fault' })
    await value.fill('soon')
    await press('Enter')
    await bar().getByRole('alert').filter({ hasText: 'The value of Delay must be a time' }).waitFor()
    await value.and(panel.page.locator(':focus')).waitFor()
    await value.fill('1s')
    await press('Enter')
    await faults().getByText('delay=1000').waitFor()
    assert.deepEqual(await panel.called('setFaults'), [set({ kind: 'delay', value: 1000 })])
  })

  it('marks the filter if that is not valid, and not the value', async () => {
    await open()
    await openBar()
    const value = bar().getByRole('textbox', { name: 'Value of the fault' })
    const filter = bar().getByRole('textbox', { name: 'Filter for the messages' })
    await value.fill('1s')
    await filter.fill('$.a ==')
    await press('Enter')
    await bar().getByRole('alert').filter({ hasText: 'The filter of the fault is not valid' }).waitFor()
    await filter.and(panel.page.locator(':focus')).waitFor()
    const invalid = async () => [
      await value.getAttribute('aria-invalid'),
      await filter.getAttribute('aria-invalid'),
    ]
    assert.deepEqual(await invalid(), ['false', 'true'])
    await filter.fill('')
    await value.fill('soon')
    await press('Enter')
    await bar().getByRole('alert').filter({ hasText: 'must be a time' }).waitFor()
    assert.deepEqual(await invalid(), ['true', 'false'])
    assert.deepEqual(await panel.called('setFaults', 0), [])
  })

  it('works with keys only', async () => {
    await open()
    await face(0).focus()
    await press('Shift+F10')
    await panel.page.getByRole('menuitemcheckbox', { name: 'Faults on Purpose…' }).focus()
    await press('Enter')
    await bar().getByRole('combobox', { name: 'What the fault does' }).focus()
    await press('Tab')
    await panel.page.keyboard.type('300ms')
    await press('Enter')
    await faults().getByText('delay=300').waitFor()
    await button('Hide the faults').focus()
    await press('Enter')
    await bar().waitFor({ state: 'detached' })
  })

  it('offers to remove the faults of a connection only, not those of its proxy', async () => {
    await open({ faults: [{ kind: 'delay', value: 5 }] })
    await openBar()
    await bar().getByText('on all connections of the proxy').waitFor()
    await faults().getByText('delay=5').waitFor()
    assert.equal(await faults().getByRole('button').count(), 0)
    assert.equal(await button('Clear').isDisabled(), true)
  })

  it('releases held messages, edited or not, and drops them, with keys only', async () => {
    await open({ held: [held(1, '{"a":1}'), held(2, '{"b":2}', 'out'), held(3, undefined), held(4, 'last')] })
    await heldRows().nth(3).waitFor()
    assert.equal(await heldRows().nth(2).getByRole('button', { name: 'Edit' }).count(), 0)
    await heldRows().first().getByRole('button', { name: 'Edit' }).focus()
    await press('Enter')
    const text = bar().getByRole('textbox', { name: 'Text of the held message' })
    await text.and(panel.page.locator(':focus')).waitFor()
    await text.fill('{"a":9}')
    await press('Escape')
    await heldRows().first().getByText('{"a":1}').waitFor()
    const edit = heldRows().first().getByRole('button', { name: 'Edit' })
    await edit.and(panel.page.locator(':focus')).waitFor()
    await press('Enter')
    await text.fill('{"a":10}')
    await press('Enter')
    await heldRows().nth(3).waitFor({ state: 'detached' })
    await heldRows()
      .first()
      .getByRole('button', { name: 'Release' })
      .and(panel.page.locator(':focus'))
      .waitFor()
    await press('Enter')
    await heldRows().nth(2).waitFor({ state: 'detached' })
    await heldRows().first().getByRole('button', { name: 'Drop Message' }).click()
    await heldRows().nth(1).waitFor({ state: 'detached' })
    await button('Release All').click()
    await bar().waitFor({ state: 'detached' })
    const of = (message: number, what = {}) => ({ proxy: PROXY.id, message, ...what })
    assert.deepEqual(await panel.called('releaseHeld', 4), [
      of(1, { text: '{"a":10}' }),
      of(2),
      of(3, { drop: true }),
      { proxy: PROXY.id },
    ])
  })

  it('says how many messages are held if it lists only the oldest ones', async () => {
    const known = Array.from({ length: 100 }, (_, index) => held(index + 1, `message ${index}`))
    await open({ held: known, heldCount: 1234 })
    await bar().getByText('1,234 wait for you, here are the oldest 5').waitFor()
    assert.equal(await heldRows().count(), 5)
  })

  it('edits one message if two proxies hold messages with the same number', async () => {
    await open()
    await panel.tell('runProxies', [
      { ...PROXY, held: [held(1, 'one')] },
      { ...PROXY, id: 5, held: [held(1, 'other')] },
    ])
    await heldRows().filter({ hasText: 'other' }).getByRole('button', { name: 'Edit' }).click()
    await bar().getByRole('textbox', { name: 'Text of the held message' }).waitFor()
    assert.equal(await bar().getByRole('textbox', { name: 'Text of the held message' }).count(), 1)
  })

  it('has nothing of this for a connection that is ours', async () => {
    await open()
    await face(3).click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Disconnect' }).waitFor()
    const items = await panel.page.getByRole('menu').locator('[role^=menuitem]').allInnerTexts()
    assert.ok(!items.some((item) => /Faults|Cut/.test(item)), items.join())
    assert.equal(await bar().count(), 0)
  })

  it('says in the list which messages had faults', async () => {
    await open()
    await panel.page
      .locator('.row[aria-label*="with faults on purpose"], .row [aria-label*="with faults on purpose"]')
      .first()
      .waitFor()
  })

  it('leaves room for the list and the composer in a low window', async () => {
    await open(
      { held: [held(1, 'one'), held(2, 'two'), held(3, 'three'), held(4, 'four'), held(5, 'five')] },
      { width: 640, height: 480 },
    )
    await openBar()
    await button('flaky-train').click()
    await faults().getByText('refuse=0.3').waitFor()
    const boxOf = async (locator: ReturnType<typeof bar>) => (await locator.boundingBox()) ?? assert.fail()
    const composer = panel.page.getByRole('region', { name: 'Send a message' })
    // The whole page scrolls if it is lower than its parts at their least heights.
    await composer.scrollIntoViewIfNeeded()
    const shown = await boxOf(bar())
    assert.ok(shown.height <= 0.4 * 480 + 1, `${shown.height} pixels high`)
    const below = await boxOf(composer)
    assert.ok(shown.y + shown.height <= below.y + 0.5, 'the composer is below it')
    assert.ok(below.y + below.height <= 480.5, 'the composer is in the window')
    assert.ok((await boxOf(panel.page.getByRole('grid'))).height > 40)
    // What does not fit is reached by scrolling, also with keys.
    await heldRows().nth(4).getByRole('button', { name: 'Drop Message' }).focus()
    const last = await boxOf(heldRows().nth(4))
    const now = await boxOf(bar())
    assert.ok(last.y >= now.y && last.y + last.height <= now.y + now.height + 0.5, 'it is in view')
    await panel.page.screenshot({ path: join(ARTIFACTS, 'faults-low.png') })
  })

  for (const width of [600, 1400])
    it(`has no serious accessibility issue in any theme, ${width} pixels wide`, async () => {
      await open(
        {
          held: [
            held(1, '{"op":"subscribe","channel":"trades"}', 'out'),
            held(2, 'x'.repeat(300)),
            held(3, undefined),
          ],
        },
        { width },
      )
      await openBar()
      await button('flaky-train').click()
      await faults().getByText('refuse=0.3').waitFor()
      await heldRows().first().getByRole('button', { name: 'Edit' }).click()
      const value = bar().getByRole('textbox', { name: 'Value of the fault' })
      await value.fill('soon')
      // Not on the page, because the held message takes the focus when its text is shown.
      await value.press('Enter')
      await bar().getByRole('alert').filter({ hasText: 'must be a time' }).waitFor()
      await inEachTheme(panel.page, `faults-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
        const overflow = await panel.page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        assert.equal(overflow, 0)
      })
    })
})
