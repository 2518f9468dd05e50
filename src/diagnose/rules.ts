/** The table of rules. To add a rule, add a row. */

import type { Rule } from './rule.ts'
import { diskFailed } from './rules/disk-failed.ts'
import { eventsDropped } from './rules/events-dropped.ts'
import { fileProblems } from './rules/file-problems.ts'
import { fileUnreadable } from './rules/file-unreadable.ts'
import { payloadsDropped } from './rules/payloads-dropped.ts'
import { payloadsLost } from './rules/payloads-lost.ts'
import { readingPaused } from './rules/reading-paused.ts'
import { resumeIgnored } from './rules/resume-ignored.ts'

/** Findings come in this order. */
export const RULES: readonly Rule[] = [
  diskFailed,
  payloadsLost,
  eventsDropped,
  payloadsDropped,
  fileUnreadable,
  fileProblems,
  readingPaused,
  resumeIgnored,
]
