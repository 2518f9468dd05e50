/** The rest of a file could not be read. */
import { statusNotice } from './status-notice.ts'

export const fileUnreadable = statusNotice('file-unreadable', ({ file, events }) =>
  file?.failure === undefined || events === 0 ? undefined : { message: file.failure, evidence: { events } },
)
