import * as l10n from '@vscode/l10n'
import { Failures } from '../connecting/Failures.tsx'
import { formatClock } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { LimitNotices } from './LimitNotices.tsx'
import { StatusNotices } from './StatusNotices.tsx'
import { Undo } from './Undo.tsx'

/** Sentences that the user has to read: what failed, what was dropped, what is paused. */
export function Notices() {
  const page = usePage()
  const failure = page.notice.value
  return (
    <div class="notices">
      <div role="alert">
        {failure !== undefined && (
          <p class="notice tone-error">
            <Icon name="error" />
            <span>{failure}</span>
            <IconButton
              icon="close"
              name={l10n.t('Dismiss')}
              onClick={() => {
                page.notice.value = undefined
              }}
            />
          </p>
        )}
      </div>
      <Failures />
      <Unanswered />
      <FileChanged />
      <Undo />
      <StatusNotices />
      <LimitNotices />
    </div>
  )
}

/** Shown if the extension host has ended, hangs, or is being debugged. The page cannot restart it. */
function Unanswered() {
  const { session } = usePage()
  const at = session.frozenAt.value
  const { startedAt = '' } = session.status.value ?? {}
  return (
    <div role="alert">
      {at !== undefined && (
        <p class="notice tone-error">
          <Icon name="debug-disconnect" />
          <span>
            {l10n.t(
              'The extension does not respond. The page shows the session as of {0}. Nothing can be sent, saved or loaded. If this does not change, run “Developer: Restart Extension Host” or “Developer: Reload Window” in the command palette. Unsaved sessions are offered then.',
              formatClock(startedAt, at),
            )}
          </span>
        </p>
      )}
    </div>
  )
}

/** Shown if the file has changed since it was read. It is read again only on request. */
function FileChanged() {
  const page = usePage()
  const change = page.fileChange.value
  const { name = l10n.t('The file') } = page.context.value
  return (
    <div role="status">
      {change !== 'none' && (
        <p class="notice tone-warn">
          <Icon name="warning" />
          <span>
            {change === 'changed'
              ? l10n.t('{0} has changed since it was read. The page shows its old content.', name)
              : l10n.t('{0} does not exist any more. The page shows what was read from it.', name)}
          </span>
          {change === 'changed' && (
            <Chip onClick={() => void page.call('reload', null, 0)}>
              <Icon name="refresh" />
              {l10n.t('Reload')}
            </Chip>
          )}
        </p>
      )}
    </div>
  )
}
