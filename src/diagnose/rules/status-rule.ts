/** Makes a rule that looks only at the status of the session. */
import type { Finding } from '../../shared/finding.ts'
import type { SessionStatus } from '../../shared/status.ts'
import type { Rule } from '../rule.ts'

type Found = Pick<Finding, 'message' | 'evidence'> & Partial<Pick<Finding, 'severity'>>

/** Its finding is a warning by default. */
export function statusRule(name: string, find: (status: SessionStatus) => Found | undefined): Rule {
  return {
    name,
    start: () => ({
      findings({ status }) {
        const found = status && find(status)
        return found === undefined ? [] : [{ rule: name, severity: 'warning', ...found }]
      },
    }),
  }
}
