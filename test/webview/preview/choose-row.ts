/** Presses on rows of the list. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { eventually } from '../../support/eventually.ts'

/**
 * Presses a row until its event is selected. The list reuses its elements: while it still moves to its newest row, the
 * element under the pointer may show another event when the button goes down. After the press, `row` may find another one.
 */
export function chooseRow(row: Locator): Promise<void> {
  return eventually(async () => {
    const event = await row.getAttribute('data-event')
    await row.click()
    const selected = row.page().locator(`[data-event="${event}"][aria-selected=true]`)
    await assert.doesNotReject(selected.waitFor({ timeout: 5000 }), `event ${event} is selected`)
  })
}
