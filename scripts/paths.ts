/** Where things are, seen from the repository. */
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')
/** Downloads and builds that tests need, outside version control. */
export const CACHE = join(ROOT, '.vscode-test')
/** What tests leave for people to look at. */
export const ARTEFACTS = join(ROOT, 'test-artefacts')
