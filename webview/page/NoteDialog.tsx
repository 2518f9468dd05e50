import * as l10n from '@vscode/l10n'
import { usePage } from '../state/page.ts'
import { NoteForm } from '../strip/NoteForm.tsx'
import { Dialog } from '../ui/Dialog.tsx'

/** Asks for the note of the moment that is being marked. */
export function NoteDialog() {
  const { marking } = usePage()
  const close = () => {
    marking.value = undefined
  }
  if (marking.value === undefined) return null
  return (
    <Dialog class="note-dialog" name={l10n.t('Mark')} onClose={close}>
      <NoteForm time={marking.value} close={close} />
    </Dialog>
  )
}
