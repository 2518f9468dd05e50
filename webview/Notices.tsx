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
      {facts.map(({ id, text }) => (
        <p class="notice tone-warn" key={id}>
          <Icon name="warning" />
          <span>{text}</span>
        </p>
      ))}
    </div>
  )
}
