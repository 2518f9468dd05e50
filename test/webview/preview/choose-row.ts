/** Presses on rows of the list. */
import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { eventually } from '../../support/eventually.ts'

/**
 * Presses a row until it is selected. The list reuses its elements: while it still moves to its newest row, the element
 * under the pointer may show another event when the button goes down.
 */
export function chooseRow(row: Locator): Promise<void> {
  return eventually(async () => {
    await row.click()
    assert.equal(await row.getAttribute('aria-selected'), 'true')
  })
}
