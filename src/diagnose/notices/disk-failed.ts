/** Writing the capture to disk fails now. */
import { statusNotice } from './status-notice.ts'

export const diskFailed = statusNotice('disk-failed', ({ disk }) =>
  disk?.failure === undefined ? undefined : { severity: 'error', message: disk.failure, evidence: {} },
)
