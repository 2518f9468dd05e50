import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { Popover } from '../ui/Popover.tsx'
import { contains, NothingFound, SearchField } from '../ui/SearchField.tsx'
import { MessageEntry } from './MessageEntry.tsx'

/** Messages sent from this panel, newest first. */
export function HistoryMenu() {
  return (
    <Popover icon="history" name={l10n.t('History')}>
      <History />
    </Popover>
  )
}

function History() {
  const { composer } = usePage()
  const [query, setQuery] = useState('')
  const { entries } = composer.history
  if (entries.length === 0)
    return <p class="hint">{l10n.t('Messages you send are listed here until the panel closes.')}</p>
  const found = entries.filter(({ text }) => contains(query, text)).reverse()
  return (
    <>
      {entries.length > 1 && (
        <SearchField name={l10n.t('Search sent messages')} value={query} onChange={setQuery} />
      )}
      {found.length === 0 && <NothingFound query={query} />}
      <ul aria-label={l10n.t('Messages sent')}>
        {found.map((message, i) => (
          <li key={i}>
            <MessageEntry message={message} />
          </li>
        ))}
      </ul>
    </>
  )
}
