/** Mocha's spec report, which also writes the counts to a file for `scripts/test.ts`. */
import { renameSync, writeFileSync } from 'node:fs'
import Mocha from 'mocha'
import type { Failed, Results } from './results.ts'

/** The environment variable that names the file. */
export const RESULTS_FILE = 'REALTIME_TEST_RESULTS'
/** The environment variable with the files to run in an extension host, one a line. */
export const FILES = 'REALTIME_TEST_FILES'

export default class Reporter extends Mocha.reporters.Spec {
  readonly #failures: Failed[] = []
  readonly #passedIn: Record<string, number> = {}

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options)
    runner.on('fail', (test, error) => {
      this.#failures.push({ title: test.fullTitle(), error: error.stack ?? String(error), file: test.file })
    })
    runner.on('pass', ({ file = '' }) => {
      this.#passedIn[file] = (this.#passedIn[file] ?? 0) + 1
    })
    runner.once('end', () => {
      const failures = this.#failures
      const { passes: passed, pending: skipped } = this.stats
      writeResults({ passed, failed: failures.length, skipped, failures, passedIn: this.#passedIn })
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
