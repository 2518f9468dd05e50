import type { UnsavedChoice, UnsavedSession } from '../../src/shared/protocol/unsaved.ts'
import { plural } from '../format/count.ts'
import { formatStart } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'

const CHOICES: readonly { readonly choice: UnsavedChoice; readonly name: string; readonly icon: string }[] = [
  { choice: 'open', name: 'Open', icon: 'go-to-file' },
  { choice: 'save', name: 'Save…', icon: 'save' },
  { choice: 'discard', name: 'Discard', icon: 'trash' },
]

/** Sessions that earlier windows left unsaved, until they are saved or discarded. */
export function UnsavedSessions() {
  const { unsaved } = usePage()
  const left = unsaved.value.filter(({ isRunning }) => !isRunning)
  const running = unsaved.value.filter(({ isRunning }) => isRunning)
  return (
    <>
      {left.length > 0 && <Ended left={left} />}
      {running.length > 0 && <Running running={running} />}
    </>
  )
}

function Ended({ left }: { left: readonly UnsavedSession[] }) {
  return (
    <section class="unsaved" aria-labelledby="unsaved-title">
      <h2 id="unsaved-title">
        <Icon name="warning" />
        {plural(left.length, 'unsaved session')}
      </h2>
      <p>
        {left.length === 1 ? 'It' : 'They'} ended before being saved. Nothing is lost until you discard it.
      </p>
      <ul>
        {left.map((each) => (
          <Offer key={each.id} left={each} />
        ))}
      </ul>
    </section>
  )
}

/** Sessions that another window of this folder captures, or a host that no window reaches any more. */
function Running({ running }: { running: readonly UnsavedSession[] }) {
  return (
    <section class="unsaved" aria-labelledby="running-title">
      <h2 id="running-title">
        <Icon name="pulse" />
        {plural(running.length, 'session')} captured elsewhere
      </h2>
      <p>
        These sessions are still being captured by another window on this folder, or by one that lost contact.
        Open a copy to view the events.
      </p>
      <ul>
        {running.map((each) => (
          <Offer key={each.id} left={each} choices={CHOICES.slice(0, 1)} />
        ))}
      </ul>
    </section>
  )
}

function Offer({ left, choices = CHOICES }: { left: UnsavedSession; choices?: typeof CHOICES }) {
  const page = usePage()
  const said = `${plural(left.events, 'event')} from ${formatStart(left.startedAt)}`
  return (
    <li>
      <span class="tabular unsaved-name">{said}</span>
      <span class="unsaved-choices">
        {choices.map(({ choice, name, icon }) => (
          <button
            type="button"
            class="chip"
            key={choice}
            aria-label={`${name} ${said}`}
            onClick={() => void page.attempt(page.host.call('chooseUnsaved', { id: left.id, choice }, 0))}
          >
            <Icon name={icon} />
            {name}
          </button>
        ))}
      </span>
    </li>
  )
}
