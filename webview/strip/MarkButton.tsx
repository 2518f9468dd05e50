import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { Popover, usePopover } from '../ui/Popover.tsx'
import { NoteForm } from './NoteForm.tsx'

/** Marks the time of the press. The user writes the note afterwards. */
export function MarkButton() {
  return (
    <Popover icon="flag" name={l10n.t('Mark this moment')}>
      <NoteNow />
    </Popover>
  )
}

function NoteNow() {
  const { session } = usePage()
  const { close } = usePopover()
  const [time] = useState(() => session.now())
  return <NoteForm time={time} close={close} />
}
