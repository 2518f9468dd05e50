import * as l10n from '@vscode/l10n'
import { MAX_FILTER_NAME, type SavedFilter } from '../../src/shared/protocol/filtering.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { NameForm } from '../ui/NameForm.tsx'
import { Popover, PopoverEntry, usePopover } from '../ui/Popover.tsx'

/** Saved filters: applies one, saves the current one, deletes one. */
export function SavedFilters() {
  return (
    <Popover icon="bookmark" name={l10n.t('Saved filters')}>
      <Saved />
    </Popover>
  )
}

function Saved() {
  const page = usePage()
  const { filter, context, host } = page
  const { refocus } = usePopover()
  const saved = context.value.savedFilters ?? []
  const text = filter.text.value.trim()
  const canKeep = text !== '' && filter.mistake.value === undefined
  const settle = async (change: Promise<readonly SavedFilter[]>): Promise<boolean> => {
    const savedFilters = await page.attempt(change)
    if (savedFilters !== undefined) context.value = { ...context.value, savedFilters }
    return savedFilters !== undefined
  }
  return (
    <>
      {canKeep && (
        <NameForm
          label={l10n.t('Name for this filter')}
          action={l10n.t('Save')}
          maxLength={MAX_FILTER_NAME}
          pattern=".*\S.*"
          required
          isFirst
          onDone={(name) => settle(host.call('saveFilter', { name: name.trim(), text }))}
        />
      )}
      {saved.length === 0 && (
        <p class="hint">
          {canKeep
            ? l10n.t('No filter is saved yet.')
            : l10n.t('No filter is saved yet. Write one, then name it here.')}
        </p>
      )}
      <ul>
        {saved.map((each) => (
          <li key={each.name} class="entry-row">
            <PopoverEntry title={each.text} onPick={() => filter.apply(each.text)}>
              <span class="clip entry-name">{each.name}</span>
              <span class="clip dim mono">{each.text}</span>
            </PopoverEntry>
            <IconButton
              icon="trash"
              name={l10n.t('Delete {0}', each.name)}
              onClick={() => void settle(host.call('forgetFilter', { name: each.name })).then(refocus)}
            />
          </li>
        ))}
      </ul>
    </>
  )
}
