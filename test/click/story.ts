import type { Workbench } from './workbench.ts'

/**
 * Tests of a suite that build on one another: what follows a failure would only repeat it, and is skipped. Of the
 * failure there is a picture, where there is a workbench by then.
 */
export function oneStory(workbench: () => Workbench | undefined): void {
  let isBroken = false
  beforeEach(function () {
    if (isBroken) this.skip()
  })
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return
    isBroken = true
    await workbench()?.screenshot(`failed-${Date.now()}`)
  })
}
