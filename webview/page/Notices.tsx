import type { Finding } from '../../src/shared/finding.ts'
import { formatClock } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { Icon, IconButton } from '../ui/Icon.tsx'

/** Sentences that the user has to read: what failed, what was dropped, what is paused. */
export function Notices() {
  const page = usePage()
  const failure = page.notice.value
  const findings = page.session.status.value?.findings ?? []
  return (
    <div class="notices">
      <div role="alert">
        {failure !== undefined && (
          <p class="notice tone-error">
            <Icon name="error" />
            <span>{failure}</span>
            <IconButton
              icon="close"
              name="Dismiss"
              onClick={() => {
                page.notice.value = undefined
              }}
            />
          </p>
        )}
      </div>
      <Unanswered />
      <FileChanged />
      {findings.map((finding) => (
        <FindingNotice key={finding.rule} finding={finding} />
      ))}
    </div>
  )
}

function FindingNotice({ finding: { severity, message } }: { finding: Finding }) {
  const isError = severity === 'error'
  return (
    <p class={`notice tone-${isError ? 'error' : 'warn'}`} {...(isError && { role: 'alert' })}>
      <Icon name={isError ? 'error' : 'warning'} />
      <span>{message}</span>
    </p>
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
            The extension does not answer. The page shows the session as of {formatClock(startedAt, at)}.
            Nothing can be sent, saved or loaded. If this does not change, run “Developer: Restart Extension
            Host” or “Developer: Reload Window” in the command palette. Unsaved sessions are offered then.
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
  const { name = 'The file' } = page.context.value
  return (
    <div role="status">
      {change !== 'none' && (
        <p class="notice tone-warn">
          <Icon name="warning" />
          <span>
            {change === 'changed'
              ? `${name} has changed since it was read. The page shows its old content.`
              : `${name} does not exist any more. The page shows what was read from it.`}
          </span>
          {change === 'changed' && (
            <button
              type="button"
              class="chip"
              onClick={() => void page.attempt(page.host.call('reload', null, 0))}
            >
              <Icon name="refresh" />
              Reload
            </button>
          )}
        </p>
      )}
    </div>
  )
}
