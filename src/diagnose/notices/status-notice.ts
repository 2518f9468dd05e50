/** Makes a notice: a sentence about the session as it is now, such as that its disk is full. */
import type { Finding } from '../../shared/finding.ts'
import type { ConnectionStatus, SessionStatus } from '../../shared/status.ts'

type Noticed = Pick<Finding, 'message' | 'evidence'> & Partial<Pick<Finding, 'severity'>>

/** A status, whole or in the making. */
export interface NoticedStatus extends Omit<SessionStatus, 'connections'> {
  readonly connections: Iterable<ConnectionStatus>
}

/** Looks at the status. Undefined if there is nothing to say. */
export type Notice = (status: NoticedStatus) => Finding | undefined

/** It is a warning by default. */
export function statusNotice(name: string, find: (status: NoticedStatus) => Noticed | undefined): Notice {
  return (status) => {
    const found = find(status)
    return found && { rule: name, severity: 'warning', ...found }
  }
}
