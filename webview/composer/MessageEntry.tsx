import type { ComposedMessage } from '../../src/shared/compose/compose.ts'

/** Characters of a message that an entry shows at most. More would not fit. */
const SHOWN = 200

const FORMAT_NAMES = { text: 'Text', json: 'JSON', hex: 'Hex', base64: 'Base64' } as const

interface MessageEntryProps {
  readonly message: ComposedMessage
  /** Its name. Without one, the message itself is shown. */
  readonly name?: string
  readonly onPick: () => void
}

/** A message that can be chosen in a popover. */
export function MessageEntry({ message, name, onPick }: MessageEntryProps) {
  const beginning = message.text.slice(0, SHOWN).replaceAll(/\s+/g, ' ')
  return (
    <button type="button" class="entry" data-entry title={beginning} onClick={onPick}>
      {name !== undefined && <span class="clip entry-name">{name}</span>}
      <span class={`clip mono${name === undefined ? '' : ' dim'}`}>{beginning || '(empty)'}</span>
      <span class="entry-kind dim">{FORMAT_NAMES[message.format]}</span>
    </button>
  )
}
