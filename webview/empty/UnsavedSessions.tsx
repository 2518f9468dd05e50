import * as l10n from '@vscode/l10n'
import type { UnsavedChoice, UnsavedSession } from '../../src/shared/protocol/unsaved.ts'
import { eventCount, unsavedSessionCount } from '../format/count.ts'
import { formatStart } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'

const CHOICES: readonly { readonly choice: UnsavedChoice; readonly name: string; readonly icon: string }[] = [
  { choice: 'open', name: l10n.t('Open'), icon: 'go-to-file' },
  { choice: 'save', name: l10n.t('Save…'), icon: 'save' },
  { choice: 'discard', name: l10n.t('Discard'), icon: 'trash' },
]

/** Sessions that earlier windows left unsaved, until they are saved or discarded. */
export function UnsavedSessions() {
  const { unsaved } = usePage()
  const ended = unsaved.value.filter(({ isRunning }) => !isRunning)
  const running = unsaved.value.filter(({ isRunning }) => isRunning)
  return (
    <>
      <Offers
        id="unsaved-title"
        icon="warning"
        title={unsavedSessionCount(ended.length)}
        text={
          ended.length === 1
            ? l10n.t('It ended before being saved. Nothing is lost until you discard it.')
            : l10n.t('They ended before being saved. Nothing is lost until you discard them.')
        }
        sessions={ended}
        choices={CHOICES}
      />
      {/* Another window of this folder captures these, or a host that no window reaches any more. */}
      <Offers
        id="running-title"
        icon="pulse"
        title={
          running.length === 1
            ? l10n.t('1 session captured elsewhere')
            : l10n.t('{0} sessions captured elsewhere', running.length)
        }
        text={l10n.t(
          'These sessions are still being captured by another window with this folder, or by one that lost its connection. Open a copy to see the events.',
        )}
        sessions={running}
        choices={CHOICES.slice(0, 1)}
      />
    </>
  )
}

interface OffersProps {
  readonly id: string
  readonly icon: string
  readonly title: string
  readonly text: string
  readonly sessions: readonly UnsavedSession[]
  readonly choices: typeof CHOICES
}

/** Sessions with the same choices. Renders nothing if there are none. */
function Offers({ id, icon, sessions, choices, title, text }: OffersProps) {
  if (sessions.length === 0) return null
  return (
    <section class="unsaved" aria-labelledby={id}>
      <h2 id={id}>
        <Icon name={icon} />
        {title}
      </h2>
      <p>{text}</p>
      <ul>
        {sessions.map((each) => (
          <Offer key={each.id} left={each} choices={choices} />
        ))}
      </ul>
    </section>
  )
}

function Offer({ left, choices }: { left: UnsavedSession; choices: typeof CHOICES }) {
  const page = usePage()
  const said = l10n.t('{0} from {1}', eventCount(left.events), formatStart(left.startedAt))
  return (
    <li>
      <span class="tabular unsaved-name">{said}</span>
      <span class="unsaved-choices">
        {choices.map(({ choice, name, icon }) => (
          <Chip
            key={choice}
            aria-label={`${name} ${said}`}
            onClick={() => void page.call('chooseUnsaved', { id: left.id, choice }, 0)}
          >
            <Icon name={icon} />
            {name}
          </Chip>
        ))}
      </span>
    </li>
  )
}
