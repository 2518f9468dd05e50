import * as l10n from '@vscode/l10n'
import type { Finding } from '../../src/shared/finding.ts'
import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'

/** Notices shown at most: each takes a line from the list of events. */
const SHOWN = 8

/** What could not be kept or read of the session. */
export function StatusNotices() {
  const { notices = [] } = usePage().session.status.value ?? {}
  const hidden = notices.length - SHOWN
  return (
    <>
      {notices.slice(0, SHOWN).map((notice) => (
        <StatusNotice key={notice.rule} notice={notice} />
      ))}
      {hidden > 0 && (
        <p class="notice tone-warn">
          {hidden === 1 ? l10n.t('And 1 more notice.') : l10n.t('And {0} more notices.', formatCount(hidden))}
        </p>
      )}
    </>
  )
}

function StatusNotice({ notice: { severity, message } }: { notice: Finding }) {
  const isError = severity === 'error'
  return (
    <p class={`notice tone-${isError ? 'error' : 'warn'}`} {...(isError && { role: 'alert' })}>
      <Icon name={isError ? 'error' : 'warning'} />
      <span>{message}</span>
    </p>
  )
}
