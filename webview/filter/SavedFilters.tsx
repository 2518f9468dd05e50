import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { MAX_FILTER_NAME, type SavedFilter } from '../../src/shared/protocol/finding.ts'
import { IconButton } from '../Icon.tsx'
import { usePanel } from '../panel.ts'

/** Filters kept under a name: applies one, keeps the present one, forgets one. */
export function SavedFilters() {
  const [isOpen, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const close = () => {
    setOpen(false)
    box.current?.querySelector('button')?.focus()
  }
  return (
    <div
      ref={box}
      class="saved-filters"
      role="group"
      aria-label="Saved filters"
      onFocusOut={(event) => {
        const { relatedTarget } = event
        if (!(relatedTarget instanceof Node) || !box.current?.contains(relatedTarget)) setOpen(false)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return
        event.stopPropagation()
        close()
      }}
    >
      <button
        type="button"
        class="icon-button"
        title="Saved filters"
        aria-label="Saved filters"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span class="codicon codicon-bookmark" aria-hidden="true" />
      </button>
      {isOpen && <Sheet close={close} />}
    </div>
  )
}

function Sheet({ close }: { close: () => void }) {
  const panel = usePanel()
  const { search, context, host } = panel
  const sheet = useRef<HTMLDivElement>(null)
  const [name, setName] = useState('')
  const saved = context.value.savedFilters ?? []
  const text = search.text.value.trim()
  const canKeep = text !== '' && search.mistake.value === undefined
  useLayoutEffect(() => {
    const first = sheet.current?.querySelector<HTMLElement>('input, button')
    ;(first ?? sheet.current)?.focus()
  }, [])
  const settle = async (change: Promise<readonly SavedFilter[]>) => {
    const savedFilters = await panel.attempt(change)
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
    <div ref={sheet} class="sheet" role="dialog" aria-label="Saved filters" tabIndex={-1}>
      {canKeep && (
        <form class="sheet-row" onSubmit={(event) => void keep(event)}>
          <input
            class="sheet-input"
            aria-label="Name for the present filter"
            placeholder="Name for the present filter"
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
        {saved.map((filter) => (
          <li key={filter.name} class="sheet-row">
            <button
              type="button"
              class="sheet-choice"
              title={filter.text}
              onClick={() => {
                search.apply(filter.text)
                close()
              }}
            >
              <span class="clip">{filter.name}</span>
              <span class="clip dim mono">{filter.text}</span>
            </button>
            <IconButton
              icon="trash"
              name={`Forget ${filter.name}`}
              onClick={() => {
                sheet.current?.focus()
                void settle(host.call('forgetFilter', { name: filter.name }))
              }}
            />
          </li>
        ))}
      </ul>
    </div>
  )
}
