import * as l10n from '@vscode/l10n'
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'
import { FORMAT_NAMES } from '../format/message-formats.ts'
import { usePage } from '../state/page.ts'
import { PopoverEntry } from '../ui/Popover.tsx'

/** Characters of a message that an entry shows at most. More would not fit. */
const SHOWN = 200

interface MessageEntryProps {
  readonly message: ComposedMessage
  /** Its name. Without one, the message itself is shown. */
  readonly name?: string
}

/** A message in a popover that can be loaded into the composer. */
export function MessageEntry({ message, name }: MessageEntryProps) {
  const { composer } = usePage()
  const beginning = message.text.slice(0, SHOWN).replaceAll(/\s+/g, ' ')
  return (
    <PopoverEntry title={beginning} onPick={() => composer.load(message)}>
      {name !== undefined && <span class="clip entry-name">{name}</span>}
      <span class={`clip mono${name === undefined ? '' : ' dim'}`}>{beginning || l10n.t('(empty)')}</span>
      <span class="entry-kind dim">{FORMAT_NAMES[message.format]}</span>
    </PopoverEntry>
  )
}
