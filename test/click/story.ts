import type { Workbench } from './workbench.ts'

/**
 * Tests of a suite that depend on each other: tests after a failure would only repeat it, and are skipped. After
 * a failure there is a screenshot, if there is a workbench.
 */
export function oneStory(workbench: () => Workbench | undefined): void {
  let isBroken = false
  beforeEach(() => {
    // Mocha skips the rest of a suite whose hook fails. A test that is skipped otherwise counts as failed.
    if (isBroken) throw new Error('What follows builds on what has failed, and was left out.')
  })
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return
    isBroken = true
    await workbench()?.screenshot(`failed-${Date.now()}`)
  })
}
