import type { Workbench } from './workbench.ts'

/**
 * Tests of a suite that build on one another: what follows a failure would only repeat it, and is left out. Of
 * the failure there is a picture, where there is a workbench by then.
 */
export function oneStory(workbench: () => Workbench | undefined): void {
  let isBroken = false
  beforeEach(() => {
    // Mocha leaves out the rest of a suite whose hook fails; a skipped test is forbidden, and would count as failed.
    if (isBroken) throw new Error('What follows builds on what has failed, and was left out.')
  })
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return
    isBroken = true
    await workbench()?.screenshot(`failed-${Date.now()}`)
  })
}
