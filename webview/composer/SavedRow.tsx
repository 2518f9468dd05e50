import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { MAX_NAME, type SavedMessage, type ShelfChange } from '../../src/shared/compose/shelf.ts'
import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { NameForm } from '../ui/NameForm.tsx'
import { usePopover } from '../ui/Popover.tsx'
import { MessageEntry } from './MessageEntry.tsx'

interface SavedRowProps {
  readonly saved: SavedMessage
  /** Returns whether it was done. */
  readonly onChange: (change: ShelfChange) => Promise<boolean>
}

/** A saved message: inserts it, renames it, deletes it, or chooses it to be sent with others. */
export function SavedRow({ saved, onChange }: SavedRowProps) {
  const { refocus } = usePopover()
  const [isRenamed, setRenamed] = useState(false)
  const { name } = saved
  if (isRenamed)
    return (
      <li class="entry-row">
        <NameForm
          label={l10n.t('New name')}
          action={l10n.t('Rename')}
          maxLength={MAX_NAME}
          initial={name}
          onDone={async (to) => {
            const done = await onChange({ rename: name, to })
            if (done) {
              setRenamed(false)
              refocus()
            }
            return done
          }}
        />
      </li>
    )
  return (
    <li class="entry-row">
      <Choice name={name} />
      <MessageEntry message={saved} name={name} />
      <IconButton icon="edit" name={l10n.t('Rename {0}', name)} onClick={() => setRenamed(true)} />
      <IconButton
        icon="trash"
        name={l10n.t('Delete {0}', name)}
        onClick={() => void onChange({ remove: name }).then(refocus)}
      />
    </li>
  )
}

/** Chooses a message. Shows its place among those that are chosen. */
function Choice({ name }: { name: string }) {
  const { composer } = usePage()
  const place = composer.chosenMessages.findIndex((message) => message.name === name) + 1
  const isChosen = place > 0
  return (
    <label class="choice" title={l10n.t('Select messages in the order in which to send them')}>
      <input
        type="checkbox"
        aria-label={
          isChosen ? l10n.t('{0}, number {1}', name, formatCount(place)) : l10n.t('Select {0}', name)
        }
        checked={isChosen}
        onChange={() => composer.choose([name], !isChosen)}
      />
      <span class="tabular" aria-hidden="true">
        {isChosen ? formatCount(place) : ''}
      </span>
    </label>
  )
}
