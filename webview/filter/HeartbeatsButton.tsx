import * as l10n from '@vscode/l10n'
import { HEARTBEATS, type Heartbeats } from '../state/layout.ts'
import { type PageState, usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'

interface Words {
  readonly name: string
  /** What a press does next. */
  readonly next: string
}

export const HEARTBEAT_WORDS: Readonly<Record<Heartbeats, Words>> = {
  shown: {
    name: l10n.t('shown'),
    next: l10n.t('Heartbeats are shown like other messages. Press to dim them'),
  },
  dimmed: { name: l10n.t('dimmed'), next: l10n.t('Heartbeats are dimmed. Press to hide them') },
  hidden: { name: l10n.t('hidden'), next: l10n.t('Heartbeats are hidden. Press to show them') },
}

export function setHeartbeats({ layout, session }: PageState, heartbeats: Heartbeats): void {
  layout.change({ heartbeats })
  session.touch()
}

/** Shows, dims or hides pings, pongs, comments and the heartbeats of protocols. */
export function HeartbeatsButton() {
  const page = usePage()
  const { heartbeats } = page.layout.current.value
  const { name, next } = HEARTBEAT_WORDS[heartbeats]
  return (
    <Chip
      class={`toggle kind heartbeats ${heartbeats}`}
      title={next}
      aria-label={l10n.t('Heartbeats: {0}', name)}
      onClick={() => {
        const at = HEARTBEATS.indexOf(heartbeats)
        setHeartbeats(page, HEARTBEATS[(at + 1) % HEARTBEATS.length] ?? 'shown')
      }}
    >
      <Icon name={heartbeats === 'shown' ? 'heart-filled' : 'heart'} />
      {name}
    </Chip>
  )
}
