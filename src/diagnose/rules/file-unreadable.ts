/** The rest of a file could not be read. */
import { statusRule } from './status-rule.ts'

export const fileUnreadable = statusRule('file-unreadable', ({ file, events }) =>
  file?.failure === undefined || events === 0 ? undefined : { message: file.failure, evidence: { events } },
)
