/** Tests of a suite that build on one another: what follows a failure would only repeat it, and is skipped. */
export function oneStory(): void {
  let isBroken = false
  beforeEach(function () {
    if (isBroken) this.skip()
  })
  afterEach(function () {
    isBroken ||= this.currentTest?.state === 'failed'
  })
}
