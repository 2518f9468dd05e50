/** Mocha's spec report, with the counts also in a file, for whoever sums suites up. */
import { renameSync, writeFileSync } from 'node:fs'
import Mocha from 'mocha'

/** Environment variable that names the file. */
export const RESULTS_FILE = 'REALTIME_TEST_RESULTS'

export interface Results {
  readonly passed: number
  readonly failed: number
  /** Left out by the tests themselves: what they need is not here, or what they build on has failed. */
  readonly skipped: number
  readonly failures: readonly { readonly title: string; readonly error: string }[]
}

export default class Reporter extends Mocha.reporters.Spec {
  readonly #failures: { title: string; error: string }[] = []

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options)
    runner.on('fail', (test, error) => {
      this.#failures.push({ title: test.fullTitle(), error: error.stack ?? String(error) })
    })
    runner.once('end', () => {
      const failures = this.#failures
      const { passes: passed, pending: skipped } = this.stats
      writeResults({ passed, failed: failures.length, skipped, failures })
    })
  }
}

/** Writes the file, where one is named; renamed into place, so that whoever sees it sees all of it. */
export function writeResults(results: Results): void {
  const file = process.env[RESULTS_FILE]
  if (file === undefined) return
  writeFileSync(`${file}.part`, JSON.stringify(results))
  renameSync(`${file}.part`, file)
}
