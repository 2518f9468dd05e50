/** Runs one job at a time. A job that waits is replaced by a later one. */
export class LatestOnly {
  #isBusy = false
  #next: (() => Promise<unknown>) | undefined

  run(job: () => Promise<unknown>): void {
    this.#next = job
    if (!this.#isBusy) void this.#drain()
  }

  async #drain(): Promise<void> {
    this.#isBusy = true
    while (this.#next !== undefined) {
      const job = this.#next
      this.#next = undefined
      await job()
    }
    this.#isBusy = false
  }
}
