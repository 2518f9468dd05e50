/** The table of notices: what the inspector itself could not keep or read of a session. To add a notice, add a row. */

import type { Finding } from '../shared/finding.ts'
import { diskFailed } from './notices/disk-failed.ts'
import { eventsDropped } from './notices/events-dropped.ts'
import { fileProblems } from './notices/file-problems.ts'
import { fileUnreadable } from './notices/file-unreadable.ts'
import { payloadsDropped } from './notices/payloads-dropped.ts'
import { payloadsLost } from './notices/payloads-lost.ts'
import { readingPaused } from './notices/reading-paused.ts'
import type { Notice, NoticedStatus } from './notices/status-notice.ts'

/** Notices come in this order. */
const NOTICES: readonly Notice[] = [
  diskFailed,
  payloadsLost,
  eventsDropped,
  payloadsDropped,
  fileUnreadable,
  fileProblems,
  readingPaused,
]

export function noticesOf(status: NoticedStatus): Finding[] {
  return NOTICES.flatMap((notice) => notice(status) ?? [])
}
