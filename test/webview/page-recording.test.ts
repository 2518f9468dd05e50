/** A recording in the built page: a real file, the real engine, a real browser. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { becomes, eventually } from '../support/eventually.ts'
import { twoConnections } from '../support/recording.ts'
import { sessionLines, writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'
import { LivePanel } from './live/live-panel.ts'
import { seriousIssues } from './preview/axe.ts'
import { inEachTheme } from './preview/each-theme.ts'

const MESSAGES = 40
const EVENTS = MESSAGES + 7
const END = 100 * (MESSAGES + 1)

describe('a recording in the panel', () => {
  let panel: LivePanel

  const button = (name: string | RegExp) => panel.page.getByRole('button', { name })
  const position = () => panel.page.getByRole('slider', { name: 'Position' })
  const canvas = () => panel.page.locator('.timeline canvas')
  const rows = (count: number) =>
    panel.page.locator(`[role=grid][aria-rowcount="${count + 1}"]`).waitFor({ state: 'attached' })
  const replay = () => panel.engine.status().file?.replay
  const settled = async (holds: () => boolean) => {
    while (!holds()) await panel.page.evaluate(() => undefined)
  }

  async function open(file: string, width = 1280): Promise<void> {
    panel = await LivePanel.open({ file, width })
  }

  async function openWhole(width = 1280): Promise<void> {
    await open(writeSession(tempDir(), 'traffic.rtsession', twoConnections(MESSAGES)), width)
    await rows(EVENTS)
  }

  afterEach(async () => {
    await panel.close()
    assert.deepEqual(panel.errors, [])
  })

  it('is labeled from the beginning, and offers no actions for live traffic', async () => {
    await openWhole()
    await panel.page.getByText('Recording').waitFor()
    await panel.page.getByText('traffic.rtsession').waitFor()
    await panel.page.locator('[data-event="0"]').waitFor()
    for (const name of [
      'Connect…',
      'Clear',
      /^Pause$/,
      'Mark this moment',
      /^Disconnect/,
      /^Reconnect/,
      /^Send/,
    ])
      assert.equal(await button(name).count(), 0, String(name))
    assert.equal(await panel.page.getByRole('region', { name: 'Send a message' }).count(), 0)
    await panel.select(6)
    await button('Save payload…').waitFor()
    assert.equal(await button('Edit and resend').count(), 0)
  })

  it('plays from its start, pauses, and is shown completely again', async () => {
    await openWhole()
    await button('Play the recording').click()
    await panel.page.locator('.recording-label').filter({ hasText: 'Replay' }).waitFor()
    await settled(() => panel.engine.status().events > 6)
    await button('Pause the replay').click()
    await button('Play the recording').waitFor()
    const { events, at } = panel.engine.status()
    assert.ok(events < EVENTS, `${events} events are shown`)
    await rows(events)
    await eventually(async () => {
      const value = Number(await position().inputValue())
      assert.ok(Math.abs(value - (at ?? 0)) < 1, `${value} for ${at}`)
    })
    await button('Show all').click()
    await rows(EVENTS)
    await becomes(() => button('Show all').count(), 0)
  })

  it('steps, and goes to the position of the slider, forwards and backwards', async () => {
    await openWhole()
    await button('Step to the next event').click()
    await rows(1)
    await button('Step to the next event').click()
    await rows(2)
    await position().fill('2020')
    await rows(4 + 20)
    await panel.page.locator(`[data-event="${4 + 19}"]`).waitFor()
    await position().fill('350')
    await rows(4 + 3)
    await position().fill(String(END))
    await rows(EVENTS)
  })

  it('goes to the time at which the axis is pressed, or to which the playhead is dragged', async () => {
    await openWhole()
    const box = await canvas().boundingBox()
    assert.ok(box)
    const left = 150
    const plot = box.width - left - 8
    const x = (time: number) => box.x + left + (plot * time) / END
    await panel.page.mouse.click(x(2050), box.y + 42)
    await settled(() => Math.abs((replay()?.position ?? 0) - 2050) < 20)
    await rows(panel.engine.status().events)
    // The handle of the playhead in the overview.
    await panel.page.mouse.move(x(2050), box.y + 12)
    await panel.page.mouse.down()
    await panel.page.mouse.move(x(3000), box.y + 12, { steps: 5 })
    await panel.page.mouse.move(x(1050), box.y + 12, { steps: 5 })
    await panel.page.mouse.up()
    await settled(() => Math.abs((replay()?.position ?? 0) - 1050) < 20)
    await rows(4 + 10)
  })

  it('can be played with keys', async () => {
    await openWhole()
    await panel.page.locator('.timeline').focus()
    await panel.page.keyboard.press('.')
    await rows(1)
    await panel.page.keyboard.press('k')
    await settled(() => replay()?.playing === true)
    await position().focus()
    await panel.page.keyboard.press(' ')
    await settled(() => replay()?.playing === false)
  })

  it('plays at other speeds, and in a loop', async () => {
    await openWhole()
    await panel.page.getByRole('combobox', { name: 'Speed' }).selectOption('max')
    await button('Loop').click()
    await button('Play the recording').click()
    await settled(() => replay()?.loop === true && replay()?.speed === 'max' && replay()?.playing === true)
    await button('Loop').click()
    await settled(() => replay()?.playing === false)
    await rows(EVENTS)
  })

  it('keeps scope and filter while it goes back', async () => {
    await openWhole()
    await panel.page.getByRole('combobox', { name: /filter/i }).fill('dir:out')
    await rows(MESSAGES / 8)
    await position().fill('1700')
    await rows(2)
    await position().fill('2500')
    await rows(3)
  })

  it('shows what could not be read', async () => {
    const path = join(tempDir(), 'torn.rtsession')
    writeFileSync(path, `${sessionLines(twoConnections()).join('\n')}\n{"type":"mes`)
    await open(path)
    await panel.page.getByText(/^The last line \(\d+\) is cut short and was skipped/).waitFor()
    await rows(EVENTS)
  })

  for (const [text, sentence] of [
    ['hello\n', /^This file is not a Realtime Inspector session/],
    [`${sessionLines([]).join('')}\n`, /^none\.rtsession has no events\.$/],
    [
      `${sessionLines([])[0]?.replace('"version":1', '"version":7')}\n`,
      /^This session was saved in format version 7/,
    ],
  ] as const)
    it(`says in one sentence why there is nothing to show: ${sentence.source}`, async () => {
      const path = join(tempDir(), 'none.rtsession')
      writeFileSync(path, text)
      await open(path)
      await panel.page.getByText(sentence).waitFor()
      assert.equal(await panel.page.getByRole('grid').count(), 0)
      assert.deepEqual(await seriousIssues(panel.page), [])
    })

  for (const width of [640, 1280])
    it(`has nothing axe finds serious in any theme, ${width} pixels wide`, async () => {
      await openWhole(width)
      await position().fill('2020')
      await rows(4 + 20)
      await inEachTheme(panel.page, `recording-${width}`, async (theme) => {
        assert.deepEqual(await seriousIssues(panel.page, theme), [])
      })
    })
})
