/** Runs steps in order, of which some wait. */

/** Steps that wait at most. If there are more, nothing is waited for any longer. */
const MAX_WAITING = 10_000

/** What happens on a connection waits for a fact about what happened before, such as the line that opened it. */
export class Steps {
  #steps: (() => Promise<unknown> | undefined)[] = []
  /** What the steps wait for. */
  #pending: Promise<unknown> | undefined

  /** Runs a step now, or after those before it. The steps after one that returns a promise wait until it settles. */
  add(step: () => Promise<unknown> | undefined): void {
    this.#steps.push(step)
    if (this.#pending === undefined) this.#run()
    else if (this.#steps.length > MAX_WAITING) this.flush()
  }

  /** Runs the steps that wait, without waiting any longer. */
  flush(): void {
    while (this.#steps.length > 0) this.#run()
  }

  #run(): void {
    this.#pending = undefined
    const steps = this.#steps
    for (const [index, step] of steps.entries()) {
      const pending = step()
      if (pending === undefined) continue
      this.#steps = steps.slice(index + 1)
      this.#pending = pending
      const goOn = () => {
        if (this.#pending === pending) this.#run()
      }
      pending.then(goOn, goOn)
      return
    }
    this.#steps = []
  }
}
