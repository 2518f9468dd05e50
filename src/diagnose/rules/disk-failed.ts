/** Writing the capture to disk fails now. */
import { statusRule } from './status-rule.ts'

export const diskFailed = statusRule('disk-failed', ({ disk }) =>
  disk?.failure === undefined ? undefined : { severity: 'error', message: disk.failure, evidence: {} },
)
