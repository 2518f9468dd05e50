/** Paths in the repository. */
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')
/** Downloads and builds that tests need; not under version control. */
export const CACHE = join(ROOT, '.vscode-test')
/** Screenshots and logs that tests leave for people to look at. */
export const ARTIFACTS = join(ROOT, 'test-artifacts')
