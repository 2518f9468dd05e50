import { disclosures } from './disclosures.ts'
import { Icon, IconButton } from './Icon.tsx'
import { usePanel } from './panel.ts'

/** Sentences the user has to know: what failed, what was dropped, what is held back. */
export function Notices() {
  const panel = usePanel()
  const failure = panel.notice.value
  const status = panel.session.status.value
  const facts = status === undefined ? [] : disclosures(status)
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
                panel.notice.value = undefined
              }}
            />
          </p>
        )}
      </div>
      <FileChanged />
      {facts.map(({ id, text }) => (
        <p class="notice tone-warn" key={id}>
          <Icon name="warning" />
          <span>{text}</span>
        </p>
      ))}
    </div>
  )
}

/** The file is another one than what is shown; it is read anew only on demand. */
function FileChanged() {
  const panel = usePanel()
  const change = panel.fileChange.value
  const { name = 'The file' } = panel.context.value
  return (
    <div role="status">
      {change !== 'none' && (
        <p class="notice tone-warn">
          <Icon name="warning" />
          <span>
            {change === 'changed'
              ? `${name} has changed since it was read; what is shown is as it was then.`
              : `${name} is not there any more; what is shown is as it was read.`}
          </span>
          {change === 'changed' && (
            <button
              type="button"
              class="chip"
              onClick={() => void panel.attempt(panel.host.call('reload', null, 0))}
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
