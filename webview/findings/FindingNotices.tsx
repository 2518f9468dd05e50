import * as l10n from '@vscode/l10n'
import type { Finding } from '../../src/shared/finding.ts'
import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'

/** Findings shown at most: each takes a line from the list of events. */
const SHOWN = 8

/** The message and the advice of each finding on the session. */
export function FindingNotices() {
  const { findings = [] } = usePage().session.status.value ?? {}
  const hidden = findings.length - SHOWN
  return (
    <>
      {findings.slice(0, SHOWN).map((finding) => (
        <FindingNotice key={`${finding.rule} ${finding.connection ?? ''}`} finding={finding} />
      ))}
      {hidden > 0 && (
        <p class="notice tone-warn">
          {hidden === 1
            ? l10n.t('And 1 more finding like these.')
            : l10n.t('And {0} more findings like these.', formatCount(hidden))}
        </p>
      )}
    </>
  )
}

function FindingNotice({ finding: { severity, message, advice } }: { finding: Finding }) {
  const isError = severity === 'error'
  return (
    <p class={`notice tone-${isError ? 'error' : 'warn'}`} {...(isError && { role: 'alert' })}>
      <Icon name={isError ? 'error' : 'warning'} />
      <span>{advice === undefined ? message : `${message} ${advice}`}</span>
    </p>
  )
}
