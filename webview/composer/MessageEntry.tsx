import type { ComposedMessage } from '../../src/shared/compose/compose.ts'

/** Characters of a message that an entry shows at most; the rest does not fit anyway. */
const SHOWN = 200

const FORMAT_NAMES = { text: 'Text', json: 'JSON', hex: 'Hex', base64: 'Base64' } as const

interface MessageEntryProps {
  readonly message: ComposedMessage
  /** What it is called; without it the message itself is its name. */
  readonly name?: string
  readonly onPick: () => void
}

/** A message to pick in a popover. */
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
