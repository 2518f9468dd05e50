/** Mocha's spec report, which also writes the counts to a file for `scripts/test.ts`. */
import { renameSync, writeFileSync } from 'node:fs'
import Mocha from 'mocha'

/** The environment variable that names the file. */
export const RESULTS_FILE = 'REALTIME_TEST_RESULTS'

export interface Results {
  readonly passed: number
  readonly failed: number
  /** Skipped by the tests themselves, because something they need is missing or has failed. */
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

/** Writes the file, if one is named. It is renamed into place, so that readers see it complete or not at all. */
export function writeResults(results: Results): void {
  const file = process.env[RESULTS_FILE]
  if (file === undefined) return
  writeFileSync(`${file}.part`, JSON.stringify(results))
  renameSync(`${file}.part`, file)
}
