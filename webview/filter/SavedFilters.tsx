import { useRef, useState } from 'preact/hooks'
import { MAX_FILTER_NAME, type SavedFilter } from '../../src/shared/protocol/filtering.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/Icon.tsx'
import { Popover } from '../ui/Popover.tsx'

/** Saved filters: applies one, saves the current one, deletes one. */
export function SavedFilters() {
  return (
    <div class="saved-filters">
      <Popover icon="bookmark" name="Saved filters">
        {(close) => <Sheet close={close} />}
      </Popover>
    </div>
  )
}

function Sheet({ close }: { close: () => void }) {
  const page = usePage()
  const { filter, context, host } = page
  const sheet = useRef<HTMLDivElement>(null)
  const [name, setName] = useState('')
  const saved = context.value.savedFilters ?? []
  const text = filter.text.value.trim()
  const canKeep = text !== '' && filter.mistake.value === undefined
  const settle = async (change: Promise<readonly SavedFilter[]>) => {
    const savedFilters = await page.attempt(change)
    if (savedFilters !== undefined) context.value = { ...context.value, savedFilters }
  }
  const keep = async (event: Event) => {
    event.preventDefault()
    const title = name.trim()
    if (title === '') return
    await settle(host.call('saveFilter', { name: title, text }))
    setName('')
  }
  return (
    <div ref={sheet} tabIndex={-1}>
      {canKeep && (
        <form class="sheet-row" onSubmit={(event) => void keep(event)}>
          <input
            class="sheet-input"
            aria-label="Name for this filter"
            placeholder="Name for this filter"
            maxLength={MAX_FILTER_NAME}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" class="chip" disabled={name.trim() === ''}>
            Save
          </button>
        </form>
      )}
      {saved.length === 0 && (
        <p class="dim sheet-hint">
          {canKeep ? 'No filter is saved yet.' : 'No filter is saved yet. Write one, then name it here.'}
        </p>
      )}
      <ul class="sheet-list">
        {saved.map((each) => (
          <li key={each.name} class="sheet-row">
            <button
              type="button"
              class="sheet-choice"
              data-entry
              title={each.text}
              onClick={() => {
                filter.apply(each.text)
                close()
              }}
            >
              <span class="clip">{each.name}</span>
              <span class="clip dim mono">{each.text}</span>
            </button>
            <IconButton
              icon="trash"
              name={`Delete ${each.name}`}
              onClick={() => {
                sheet.current?.focus()
                void settle(host.call('forgetFilter', { name: each.name }))
              }}
            />
          </li>
        ))}
      </ul>
    </div>
  )
}
