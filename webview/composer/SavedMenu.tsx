import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { MAX_NAME, type SavedMessage, type ShelfChange } from '../../src/shared/compose/shelf.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import { KeepMessage } from '../requests/KeepMessage.tsx'
import { usePage } from '../state/page.ts'
import { NameForm } from '../ui/NameForm.tsx'
import { Popover } from '../ui/Popover.tsx'
import { contains, NothingFound, SearchField } from '../ui/SearchField.tsx'
import { SavedRow } from './SavedRow.tsx'
import { SendInOrder } from './SendInOrder.tsx'
import { useTarget } from './target.ts'

/** Saved messages: inserts, renames, deletes and sends them, and saves the current one. */
export function SavedMenu() {
  return (
    <Popover icon="symbol-snippet" name={l10n.t('Saved messages')}>
      <Saved />
    </Popover>
  )
}

function Saved() {
  const page = usePage()
  const { composer } = page
  const [failure, setFailure] = useState<string>()
  const [query, setQuery] = useState('')
  const { messages } = composer.shelf.value
  const { message } = composer
  const found = messages.filter(({ name, text }) => contains(query, name, text))
  const chosen = composer.chosenMessages
  const request = page.savedRequests.of(useTarget().meant?.id)

  const change = async (wanted: ShelfChange): Promise<boolean> => {
    try {
      composer.shelf.value = await page.host.call('shelve', wanted)
      setFailure(undefined)
      return true
    } catch (thrown) {
      setFailure(sentenceOf(thrown))
      return false
    }
  }

  return (
    <>
      {messages.length > 1 && (
        <div class="saved-head">
          <ChooseAll found={found} />
          <SearchField name={l10n.t('Search saved messages')} value={query} onChange={setQuery} />
        </div>
      )}
      {messages.length > 0 && found.length === 0 && <NothingFound query={query} />}
      {messages.length > 0 && (
        <ul aria-label={l10n.t('Saved messages')}>
          {found.map((saved) => (
            <SavedRow key={saved.name} saved={saved} onChange={change} />
          ))}
        </ul>
      )}
      {chosen.length > 0 && <SendInOrder chosen={chosen} />}
      {message === undefined || message.text === '' ? (
        <p class="hint">{l10n.t('Write a message, then save it here under a name.')}</p>
      ) : (
        <NameForm
          label={l10n.t('Save this message as')}
          action={l10n.t('Save')}
          maxLength={MAX_NAME}
          isFirst
          onDone={(name) => change({ save: { name, ...message } })}
        />
      )}
      {request !== undefined && message !== undefined && message.text !== '' && (
        <KeepMessage request={request} message={() => message} />
      )}
      <div role="alert" class="tone-error">
        {failure}
      </div>
      <p class="hint">
        {l10n.t('Saved messages are kept on this computer, unencrypted. Do not put secrets here.')}
      </p>
    </>
  )
}

/** Chooses all the messages that are listed, or none of them. */
function ChooseAll({ found }: { found: readonly SavedMessage[] }) {
  const { composer } = usePage()
  const names = found.map(({ name }) => name)
  const count = names.filter((name) => composer.chosen.value.includes(name)).length
  const isAll = count > 0 && count === names.length
  return (
    <input
      type="checkbox"
      class="choice-all"
      aria-label={l10n.t('Select all')}
      title={l10n.t('Select all')}
      checked={isAll}
      indeterminate={count > 0 && !isAll}
      disabled={names.length === 0}
      onChange={() => composer.choose(names, !isAll)}
    />
  )
}
