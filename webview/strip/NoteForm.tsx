import * as l10n from '@vscode/l10n'
import { MAX_NOTE } from '../../src/shared/protocol/filtering.ts'
import { formatSessionTime } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { NameForm } from '../ui/NameForm.tsx'

/** The field for the note of a moment. Enter marks the moment, and then calls `close`. */
export function NoteForm({ time, close }: { time: number; close: () => void }) {
  const page = usePage()
  return (
    <NameForm
      label={l10n.t('Note for {0}', formatSessionTime(time))}
      action={l10n.t('Mark')}
      maxLength={MAX_NOTE}
      placeholder={l10n.t('What happened? Press Enter to mark it')}
      onDone={async (text) => {
        void page.call('mark', { text: text.trim(), time })
        close()
        return true
      }}
    />
  )
}
