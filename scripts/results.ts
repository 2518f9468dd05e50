/** What a suite's run resulted in, and how the results of a second run of some of its files take their place. */

export interface Failed {
  readonly title: string
  readonly error: string
  /** Undefined if the failure belongs to no file. */
  readonly file?: string | undefined
}

export interface Results {
  readonly passed: number
  readonly failed: number
  /** Skipped by the tests themselves, because something they need is missing or has failed. */
  readonly skipped: number
  readonly failures: readonly Failed[]
  /** Number of tests that passed in each file. */
  readonly passedIn?: Readonly<Record<string, number>>
}

/** More files than this fail for a reason, not because the machine is busy. */
const MOST_FILES = 12

/** The files that a second run is to run alone: those with failures, if each failure has one. */
export function filesToRepeat({ failures }: Results): readonly string[] {
  const files = new Set(failures.flatMap(({ file = [] }) => file))
  const areKnown = failures.every(({ file }) => file !== undefined)
  return areKnown && files.size <= MOST_FILES ? [...files] : []
}

/** The results of the whole suite in which those files count as in the second run. */
export function replaced(first: Results, files: readonly string[], again: Results): Results {
  const before = files.reduce((sum, file) => sum + (first.passedIn?.[file] ?? 0), 0)
  const failures = [...first.failures.filter(({ file = '' }) => !files.includes(file)), ...again.failures]
  return {
    passed: first.passed - before + again.passed,
    failed: failures.length,
    skipped: first.skipped + again.skipped,
    failures,
  }
}
