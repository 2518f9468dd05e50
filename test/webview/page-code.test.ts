/** The line of a program that opened a connection, in the built page. */
import assert from 'node:assert/strict'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { eventually } from '../support/eventually.ts'
import { opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'
import { panelOpener } from './live/live-panel.ts'
import { pageTests } from './preview/page-tests.ts'

const CODE = { file: 'http://localhost:5173/src/main.ts', line: 12, column: 5 }

describe('the code of a connection', () => {
  const open = panelOpener()

  it('is a link in the details of its first event and of a message', async () => {
    const [connect, ...others] = opened()
    const message: RealtimeEvent = {
      ...{ type: 'message', connection: 1, time: 5, direction: 'out', opcode: 'text', size: 5 },
      payload: Buffer.from('hello'),
      initiator: { ...CODE, line: 40 },
    }
    const events = [{ ...connect, initiator: CODE } as RealtimeEvent, ...others, message]
    const panel = await open({ file: writeSession(tempDir(), 'code.rtsession', events) })
    const called = () => panel.calls.filter(({ method }) => method === 'goToCode').map(({ params }) => params)
    for (const [at, line] of [
      [0, 12],
      [2, 40],
    ] as const) {
      await panel.page.locator(`[data-event="${at}"]`).waitFor()
      await panel.select(at)
      await panel.page.getByRole('button', { name: `${CODE.file}:${line}:5` }).click()
      await eventually(() => assert.deepEqual(called().at(-1), { ...CODE, line }))
    }
  })
})

describe('the code of a live connection', () => {
  const browser = pageTests()

  it('is in its menu, and in its tooltip with who opened it', async () => {
    const panel = await browser.open({ events: 100 })
    await panel.tell('say', { source: 'debugger', initiator: CODE })
    const chip = panel.page
      .getByRole('list', { name: 'Connections', exact: true })
      .locator('.connection-face')
    await panel.page
      .getByTitle(/Opened by the program that is inspected, at main\.ts:12/)
      .first()
      .waitFor()
    await chip.first().click({ button: 'right' })
    await panel.page.getByRole('menuitem', { name: 'Go to Code (main.ts:12)' }).click()
    assert.deepEqual(await panel.called('goToCode'), [CODE])
  })
})
