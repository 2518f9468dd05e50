/** Makes a notice: a sentence about the session as it is now, such as that its disk is full. */
import type { Finding } from '../../shared/finding.ts'
import type { SessionStatus } from '../../shared/status.ts'

type Noticed = Pick<Finding, 'message' | 'evidence'> & Partial<Pick<Finding, 'severity'>>

/** Looks at the status. Undefined if there is nothing to say. */
export type Notice = (status: SessionStatus) => Finding | undefined

/** It is a warning by default. */
export function statusNotice(name: string, find: (status: SessionStatus) => Noticed | undefined): Notice {
  return (status) => {
    const found = find(status)
    return found && { rule: name, severity: 'warning', ...found }
  }
}
