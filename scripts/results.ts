/** The results of a suite, and how those of a second run of some of its files replace them. */

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

/** If more files than this fail, the cause is not a busy machine. */
const MOST_FILES = 12

/** The files to run a second time, alone: those with failures, if every failure belongs to a file. */
export function filesToRepeat({ failures }: Results): readonly string[] {
  const files = new Set(failures.flatMap(({ file = [] }) => file))
  const areKnown = failures.every(({ file }) => file !== undefined)
  return areKnown && files.size <= MOST_FILES ? [...files] : []
}

/** The results of the whole suite, with those files counted as in the second run. */
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
